"""`otklik deadlines`."""

from collections import Counter
from typing import TYPE_CHECKING

import click

from otklik.cli.connections import owner_connection
from otklik.cli.console import print_table, progress_reporter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from otklik.deadlines.recompute import RecomputedDeadline

RULES_SQL = """
    SELECT code, coalesce(country, 'any'), coalesce(regime, 'any'), coalesce(topic, 'any'), spans::text
    FROM deadline_rule ORDER BY country NULLS FIRST, regime NULLS FIRST, topic NULLS FIRST"""
LAST_DAYS_SQL = """
    SELECT coalesce(country, 'any'), coalesce(regime, 'any'), last_day, source
    FROM last_day_setting ORDER BY country NULLS FIRST, regime NULLS FIRST"""
SET_LAST_DAY_SQL = """
    INSERT INTO last_day_setting (country, regime, last_day, source) VALUES (:country, :regime, :last_day, :source)
    ON CONFLICT (country, regime)
    DO UPDATE SET last_day = excluded.last_day, source = excluded.source, sources = '{}'"""
LEFT_ALONE_SQL = """
    SELECT count(*) FILTER (WHERE 'deadline' = ANY (set_here)) AS set_here,
        count(*) FILTER (WHERE NOT 'deadline' = ANY (set_here) AND NOT code = ANY (:sources)) AS others
    FROM appeal JOIN source ON source.id = source_id WHERE closed_at IS NULL"""

CHANGES_HEADER = ("appeal", "rule", "was", "becomes")
COUNTS_HEADER = ("rule", "changed", "earlier", "later", "other")


@click.command()
@click.option("--recompute", is_flag=True, help="Calculate the deadlines of open appeals again, by the rules.")
@click.option("--dry-run", is_flag=True, help="Change nothing: print what would change.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="CODE",
    help="Source of the appeals, such as pos; may be given again. Without it Otklik's own: otklik and demo.",
)
@click.option(
    "--last-day",
    nargs=2,
    metavar="COUNTRY.REGIME RULE",
    help="Set what a regime does with a last day off: keep, next or previous (working day); any stands for any. Goes"
    " with --basis.",
)
@click.option("--basis", metavar="TEXT", help="What says so: shown in the explanation of each such deadline.")
@click.option("--show", default=20, show_default=True, metavar="N", help="Print at most so many appeals.")
def deadlines(
    recompute: bool,
    dry_run: bool,
    sources: tuple[str, ...],
    last_day: tuple[str, str] | None,
    basis: str | None,
    show: int,
) -> None:
    """Print the rules of deadlines, set what happens to a last day off, or calculate deadlines again.

    Deadlines that a person set here stay, and so do those that another system set unless its --source is named.
    Each change is recorded in the appeal's history (docs/deadlines.md).
    """
    if (last_day is None) != (basis is None):
        raise click.UsageError("--last-day and --basis go together.")
    with owner_connection() as connection:
        if last_day and basis:
            _set_last_day(connection, *last_day, basis)
        if recompute:
            _recompute_deadlines(connection, sources, show, dry_run=dry_run)
        elif dry_run:
            raise click.UsageError("--dry-run goes with --recompute.")
        else:
            from sqlalchemy import text

            print_table([("rule", "country", "regime", "topic", "spans"), *connection.execute(text(RULES_SQL))])
            click.echo()
            print_table([("country", "regime", "last day off", "source"), *connection.execute(text(LAST_DAYS_SQL))])


def _set_last_day(connection: "Connection", regime: str, last_day: str, source: str) -> None:
    """Store what a regime, such as RU.law59 or any.any, does with a last day off."""
    from sqlalchemy import text

    from otklik.deadlines.model import LAST_DAY_RULES

    country_code, _, regime_code = regime.partition(".")
    regimes = {"any", *connection.scalars(text("SELECT code FROM regime"))}
    if not country_code or regime_code not in regimes:
        raise click.ClickException(f"There is no regime {regime}: it is a country or any, a dot, and {_or(regimes)}.")
    if last_day not in LAST_DAY_RULES:
        raise click.ClickException(f"There is no rule {last_day}: it is {_or(LAST_DAY_RULES)}.")
    values = {
        "country": None if country_code == "any" else country_code,
        "regime": None if regime_code == "any" else regime_code,
        "last_day": last_day,
        "source": source,
    }
    connection.execute(text(SET_LAST_DAY_SQL), values)
    connection.commit()


def _or(codes: "Iterable[str]") -> str:
    *others, last = sorted(codes)
    return f"{', '.join(others)} or {last}"


def _recompute_deadlines(connection: "Connection", sources: tuple[str, ...], show: int, *, dry_run: bool) -> None:
    from sqlalchemy import text

    from otklik.deadlines.appeal_deadline import OWN_SOURCES
    from otklik.deadlines.recompute import apply_deadlines, recomputed_deadlines

    source_codes = sources or OWN_SOURCES
    known_codes = set(connection.scalars(text("SELECT code FROM source")))
    if unknown := set(source_codes) - known_codes:
        raise click.ClickException(f"There is no source {min(unknown)}: there are {', '.join(sorted(known_codes))}.")
    open_count = connection.scalar(text("SELECT count(*) FROM appeal WHERE closed_at IS NULL")) or 0
    left_alone = connection.execute(text(LEFT_ALONE_SQL), {"sources": list(source_codes)}).one()
    report_progress, examined = progress_reporter(), 0
    table_rows: list[tuple[str, ...]] = [CHANGES_HEADER]
    counts_by_rule: dict[str, Counter[str]] = {}
    for batch in recomputed_deadlines(connection, source_codes):
        changed = [deadline for deadline in batch if deadline.old_deadline != deadline.new_deadline]
        if not dry_run:
            applied_keys = apply_deadlines(connection, changed)
            changed = [deadline for deadline in changed if (deadline.region_id, deadline.id) in applied_keys]
            connection.commit()
        for deadline in changed:
            counts_by_rule.setdefault(deadline.rule.code, Counter())[_direction(deadline)] += 1
        table_rows += [_table_row(deadline) for deadline in changed[: max(0, show + 1 - len(table_rows))]]
        examined += len(batch)
        report_progress(
            "Calculating deadlines", examined, max(examined, open_count - left_alone.set_here - left_alone.others)
        )
    _print_changes(table_rows, counts_by_rule, dry_run=dry_run)
    click.echo(
        f"{examined} open appeals looked at. Left alone: {left_alone.set_here} that a person set here,"
        f" {left_alone.others} from other sources.",
        err=True,
    )


def _direction(deadline: "RecomputedDeadline") -> str:
    if deadline.old_deadline is None or deadline.new_deadline is None:
        return "other"
    return "earlier" if deadline.new_deadline < deadline.old_deadline else "later"


def _table_row(deadline: "RecomputedDeadline") -> tuple[str, ...]:
    return deadline.number, deadline.rule.code, _format_utc(deadline.old_deadline), _format_utc(deadline.new_deadline)


def _format_utc(moment: "datetime | None") -> str:
    from datetime import UTC

    return "none" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _print_changes(
    table_rows: list[tuple[str, ...]], counts_by_rule: dict[str, Counter[str]], *, dry_run: bool
) -> None:
    changed = sum(count.total() for count in counts_by_rule.values())
    if not changed:
        click.echo("Every deadline is as the rules have it.")
        return
    print_table(table_rows)
    if changed >= len(table_rows):
        click.echo(f"… and {changed - len(table_rows) + 1} more")
    click.echo()
    print_table(
        [
            COUNTS_HEADER,
            *(
                (rule, directions.total(), directions["earlier"], directions["later"], directions["other"])
                for rule, directions in sorted(counts_by_rule.items())
            ),
        ]
    )
    message = "Deadlines that would change, none was changed" if dry_run else "Deadlines changed"
    click.echo(f"\n{message}: {changed}.")
