"""`otklik audit`."""

import re

import click

from otklik.cli.connections import migrated_database


@click.group()
def audit() -> None:
    """Check the record of who did what."""


def _parse_checkpoint(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> tuple[int, str] | None:
    if value is None:
        return None
    if not (match := re.fullmatch(r"(\d+):([0-9a-f]{64})", value)):
        raise click.BadParameter("it should be what `otklik audit verify` printed, such as 1204:5f3a….")
    return int(match[1]), match[2]


@audit.command()
@click.option(
    "--remembered",
    callback=_parse_checkpoint,
    metavar="N:HASH",
    help="What an earlier run printed: proves that nothing up to there was rewritten or cut off.",
)
@click.pass_context
def verify(context: click.Context, remembered: tuple[int, str] | None) -> None:
    """Prove that no entry was changed or removed.

    Prints the number of entries and the hash of the last one: keep it where the database's administrator can't
    write. Exit code 1: an entry doesn't follow from those before it; the first such entry is named.
    """
    from otklik.database.access.audit import verify_audit

    with migrated_database() as database_url:
        verification = verify_audit(database_url, remembered)
    if verification.broken_at is not None:
        click.echo(f"The audit breaks at entry {verification.broken_at}: {verification.reason}.")
        context.exit(1)
    click.echo(f"All {verification.entries} entries follow from one another.", err=True)
    click.echo(f"{verification.entries}:{verification.last_hash}" if verification.entries else "0")
