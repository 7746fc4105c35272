"""`otklik import`."""

from pathlib import Path

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import progress_reporter


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    required=True,
    metavar="NAME",
    help="Mapping of the file's columns: pos, boston311, or the path of a TOML file (docs/import.md).",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option(
    "--check", is_flag=True, help="List every unknown word, region and shape of dates at once, and change nothing."
)
@click.option("--beside-demo", is_flag=True, help="Import into a database with demo data, which then mix with yours.")
@click.pass_context
def import_file(
    context: click.Context, file: Path, mapping: str, *, dry_run: bool, check: bool, beside_demo: bool
) -> None:
    """Import the appeals of a CSV, JSON or XLSX file.

    Importing a file again changes nothing; a newer export updates appeals by their number, and what people
    did in Otklik meanwhile stays. Rows that can't be used go to FILE.rejected.csv with the reason.

    Exit code 0: everything landed, or would; 1: some rows were rejected; 2: the file can't be used, or there are demo
    data; 3: the database went away; 4: the disk is full. After 2, 3 and 4 nothing has changed.
    """
    from otklik.intake.errors import BadFile
    from otklik.intake.file_check import check_file
    from otklik.intake.importer import import_file as load_file
    from otklik.settings import read_settings

    with migrated_database() as database_url:
        if not (beside_demo or dry_run or check) and _has_demo_data(database_url):
            click.echo(
                "Error: The database holds demo data, which would mix with your appeals: remove them by"
                " `otklik demo --remove`, or repeat the command with --beside-demo.",
                err=True,
            )
            context.exit(2)
        try:
            if check:
                result = check_file(database_url, file, mapping, progress_reporter())
                for line in result.format_lines():
                    click.echo(line)
                context.exit(result.exit_code)
            summary = load_file(
                database_url,
                file,
                mapping,
                dry_run=dry_run,
                boundaries_folder=read_settings().data_folder / "boundaries",
                progress=progress_reporter(),
            )
        except BadFile as error:
            click.echo(f"Error: {error}", err=True)
            context.exit(2)
    for line in summary.format_lines():
        click.echo(line)
    context.exit(summary.exit_code)


def _has_demo_data(url: str) -> bool:
    from otklik.database.engine import database_engine
    from otklik.demo.removal import has_demo_data

    engine = database_engine(url)
    try:
        with engine.connect() as connection:
            return has_demo_data(connection)
    finally:
        engine.dispose()
