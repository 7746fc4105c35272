"""`otklik verify` and `otklik rebuild`: the cubes against what they count, and the record of days against itself."""

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import print_table, progress_reporter

TABLE_OF_KEY = {
    "territory_id": "territory",
    "topic_id": "topic",
    "holder_id": "organisation",
    "channel_id": "channel",
    "regime_id": "regime",
    "status_id": "status",
    "municipality_id": "territory",
    "part_id": "territory",
}
"""Key of a cell that is an id -> the table whose row it is."""
NUMBER_KEYS = (
    "bucket",
    "hour",
    "poll_id",
    "question_id",
    "option_id",
    "age_band",
    "sex",
    "discussion_id",
    "comment_id",
)
"""Keys of a cell that are numbers to print as they are."""
TABLE_HEADER = ("cube", "cell", "cube minus truth")
RECORD_HEADER = ("territory", "day", "open", "overdue", "why it can't be")


@click.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Count every appeal, vote and comment again and compare with the figures on the screens.

    Prints each cell of a cube that differs, and by how much, and each recorded day that can't have been so. Exit code
    0: none; 1: some. `otklik rebuild` mends cubes; a recorded day is removed with `DELETE FROM recorded_day`, and
    counted back from today after that.
    """
    from otklik.database.cubes.rollups import cube_differences
    from otklik.database.day_stocks import record_contradictions

    report_progress = progress_reporter()
    with migrated_database() as database_url:
        differing_cells = list(
            cube_differences(
                database_url,
                lambda _cube, completed, total: report_progress("Counting everything again", completed, total),
            )
        )
        codes = _codes_by_table(database_url) if differing_cells else {}
        contradictions = record_contradictions(database_url)
    if differing_cells:
        print_table([TABLE_HEADER, *((cube, *_format_cell(cell, codes)) for cube, cell in differing_cells)])
        click.echo(f"{len(differing_cells)} cells differ; `otklik rebuild` counts the cubes again.", err=True)
    else:
        click.echo("Every cell of every cube agrees with the appeals, votes and comments.")
    if contradictions:
        print_table([RECORD_HEADER, *([str(value) for value in row] for row in contradictions)])
        click.echo(f"Recorded days of territories that can't have been so: {len(contradictions)}.", err=True)
    if differing_cells or contradictions:
        context.exit(1)


@click.command()
def rebuild() -> None:
    """Count the figures behind the screens again from the appeals, votes and comments.

    Screens and writers go on meanwhile: each reads the old figures until the new ones are complete.
    """
    from otklik.database.cubes.rollups import rebuild_cubes

    report_progress = progress_reporter()
    with migrated_database() as database_url:
        rebuild_cubes(
            database_url, lambda _cube, completed, total: report_progress("Rebuilding the cubes", completed, total)
        )
    click.echo("The cubes are rebuilt from the appeals, votes and comments.", err=True)


def _codes_by_table(database_url: str) -> dict[str, dict[int, str]]:
    """Table -> id -> code."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(database_url) as connection:
        statement = sql.SQL("SELECT id, code FROM {}")
        return {
            table: dict(connection.execute(statement.format(sql.Identifier(table))).fetchall())
            for table in TABLE_OF_KEY.values()
        }


def _format_cell(cell: dict[str, object], codes: dict[str, dict[int, str]]) -> tuple[str, str]:
    """A cell's keys with codes in place of ids; the measures that differ, and by how much."""
    keys, differences = [], []
    for name, value in cell.items():
        if name in TABLE_OF_KEY:
            table = TABLE_OF_KEY[name]
            label = "municipality" if name == "municipality_id" else table
            keys.append(f"{label} {codes[table].get(int(str(value)), f'with id {value}')}")
        elif name.endswith("day") or name in NUMBER_KEYS:
            keys.append(f"{name.removesuffix('_day').removesuffix('_id')} {value}")
        elif name == "span":
            keys += [f"{value} days"] if value != 1 else []
        elif value:
            differences.append(f"{name} {value:+}")
    return ", ".join(keys), ", ".join(differences)
