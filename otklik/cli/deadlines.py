"""`otklik deadlines`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from otklik.cli.connection import database
from otklik.cli.progress import progress

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from otklik.deadlines.recompute import Recomputed

RULES = """
    SELECT code, coalesce(country, 'any'), coalesce(regime, 'any'), coalesce(topic, 'any'), spans::text
    FROM deadline_rule ORDER BY country NULLS FIRST, regime NULLS FIRST, topic NULLS FIRST"""
LEFT_ALONE = """
    SELECT count(*) FILTER (WHERE 'deadline' = ANY (set_here)) AS set_here,
        count(*) FILTER (WHERE NOT 'deadline' = ANY (set_here) AND NOT code = ANY (:sources)) AS others
    FROM appeal JOIN source ON source.id = source_id WHERE closed_at IS NULL"""


@click.command()
@click.option("--recompute", is_flag=True, help="Work the deadlines of open appeals out anew, by the rules.")
@click.option("--dry-run", is_flag=True, help="Change nothing: print what would change.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="CODE",
    help="Whose appeals, such as pos; may be given again. Without it Otklik's own: otklik and demo.",
)
@click.option("--show", default=20, show_default=True, metavar="N", help="Print at most so many appeals.")
def deadlines(recompute: bool, dry_run: bool, sources: tuple[str, ...], show: int) -> None:
    """Print the rules of deadlines, or work deadlines out anew.

    Deadlines that a person set here stay, and those that another system set unless its --source is named. Each
    change is a line in the appeal's history (docs/deadlines.md).
    """
    with opened() as connection:
        if recompute:
            _recompute(connection, sources, show, dry_run=dry_run)
        elif dry_run:
            raise click.UsageError("--dry-run goes with --recompute.")
        else:
            from sqlalchemy import text

            print_table([("rule", "country", "regime", "topic", "spans"), *connection.execute(text(RULES))])


@contextmanager
def opened() -> Iterator["Connection"]:
    """A connection of the owner's to the migrated database."""
    from otklik.database.engine import connect

    with database() as address:
        engine = connect(address)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _recompute(connection: "Connection", sources: tuple[str, ...], show: int, *, dry_run: bool) -> None:
    from sqlalchemy import text

    from otklik.deadlines.appeal_deadline import MADE_HERE
    from otklik.deadlines.recompute import change, recomputed

    of = sources or MADE_HERE
    known = set(connection.scalars(text("SELECT code FROM source")))
    if unknown := set(of) - known:
        raise click.ClickException(f"There is no source {min(unknown)}: there are {', '.join(sorted(known))}.")
    total = connection.scalar(text("SELECT count(*) FROM appeal WHERE closed_at IS NULL")) or 0
    left = connection.execute(text(LEFT_ALONE), {"sources": list(of)}).one()
    tell, seen = progress(), 0
    shown: list[tuple[str, ...]] = [HEADER]
    moved: dict[str, Counter[str]] = {}
    for batch in recomputed(connection, of):
        differing = [one for one in batch if one.was != one.becomes]
        if not dry_run:
            kept = change(connection, differing)
            differing = [one for one in differing if (one.region_id, one.id) in kept]
            connection.commit()
        for one in differing:
            moved.setdefault(one.rule.code, Counter())[_way(one)] += 1
        shown += [_line(one) for one in differing[: max(0, show + 1 - len(shown))]]
        seen += len(batch)
        tell("Working deadlines out", seen, max(seen, total - left.set_here - left.others))
    _report(shown, moved, dry_run=dry_run)
    click.echo(f"{seen} open appeals looked at. Left alone: {left.set_here} that a person set here", err=True, nl=False)
    click.echo(f", {left.others} from other sources.", err=True)


HEADER = ("appeal", "rule", "was", "becomes")
COUNTS = ("rule", "changed", "earlier", "later", "other")


def _way(one: "Recomputed") -> str:
    if one.was is None or one.becomes is None:
        return "other"
    return "earlier" if one.becomes < one.was else "later"


def _line(one: "Recomputed") -> tuple[str, ...]:
    return one.number, one.rule.code, _said(one.was), _said(one.becomes)


def _said(moment: "datetime | None") -> str:
    from datetime import UTC

    return "none" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _report(shown: list[tuple[str, ...]], moved: dict[str, Counter[str]], *, dry_run: bool) -> None:
    changed = sum(count.total() for count in moved.values())
    if not changed:
        click.echo("Every deadline is as the rules have it.")
        return
    print_table(shown)
    if changed >= len(shown):
        click.echo(f"… and {changed - len(shown) + 1} more")
    click.echo()
    print_table(
        [
            COUNTS,
            *(
                (rule, ways.total(), ways["earlier"], ways["later"], ways["other"])
                for rule, ways in sorted(moved.items())
            ),
        ]
    )
    said = "Deadlines that would change, none was changed" if dry_run else "Deadlines changed"
    click.echo(f"\n{said}: {changed}.")


def print_table(lines: Iterable[Iterable[object]]) -> None:
    """Lines in columns."""
    cells = [[str(cell) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
