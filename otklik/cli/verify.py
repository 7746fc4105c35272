"""`otklik verify`."""

from collections.abc import Iterable

import click

from otklik.cli.connection import migrated_database
from otklik.cli.progress import progress_reporter

# The keys of cells that are ids, and whose.
TABLE_OF_KEY = {
    "territory_id": "territory",
    "topic_id": "topic",
    "holder_id": "organisation",
    "channel_id": "channel",
    "regime_id": "regime",
    "status_id": "status",
}
TABLE_HEADER = ("cube", "cell", "cube minus appeals")


@click.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Count every appeal again and compare with the figures on the screens.

    Prints each cell in which they differ, and by how much. Exit code 0: no difference; 1: some, and
    `otklik rebuild` mends them.
    """
    from otklik.database.rollups import cube_differences as differences

    report_progress = progress_reporter()
    with migrated_database() as database_url:
        differing_cells = list(
            differences(
                database_url,
                lambda _cube, completed, total: report_progress("Counting the appeals again", completed, total),
            )
        )
        lines = [(cube, *_format_cell(cell, _codes_by_table(database_url))) for cube, cell in differing_cells]
    if not lines:
        click.echo("Every cell of every cube agrees with the appeals.")
        return
    for line in _format_table([TABLE_HEADER, *lines]):
        click.echo(line)
    click.echo(f"{len(lines)} cells differ; `otklik rebuild` makes the cubes anew.", err=True)
    context.exit(1)


def _codes_by_table(database_url: str) -> dict[str, dict[int, str]]:
    """By table, the code of each id."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(database_url) as connection:
        statement = sql.SQL("SELECT id, code FROM {}")
        return {
            table: dict(connection.execute(statement.format(sql.Identifier(table))).fetchall())
            for table in TABLE_OF_KEY.values()
        }


def _format_cell(cell: dict[str, object], codes: dict[str, dict[int, str]]) -> tuple[str, str]:
    """A cell's keys by their codes; its differences."""
    keys, differences = [], []
    for name, value in cell.items():
        if name in TABLE_OF_KEY:
            table = TABLE_OF_KEY[name]
            keys.append(f"{table} {codes[table].get(int(str(value)), f'with id {value}')}")
        elif name.endswith("day") or name in ("bucket", "hour"):
            keys.append(f"{name.removesuffix('_day')} {value}")
        elif name == "span":
            keys += [f"{value} days"] if value != 1 else []
        elif value:
            differences.append(f"{name} {value:+}")
    return ", ".join(keys), ", ".join(differences)


def _format_table(lines: Iterable[tuple[str, ...]]) -> list[str]:
    """Lines in columns."""
    lines = list(lines)
    widths = [max(len(line[column]) for line in lines) for column in range(len(TABLE_HEADER))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
