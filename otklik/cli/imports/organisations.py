"""`otklik organisation`: the organisations that answer appeals."""

from pathlib import Path

import click

from otklik.cli.connections import owner_transaction
from otklik.cli.console import print_table
from otklik.cli.failures import USAGE_CODE, CommandFailure

HEADER = ("code", "level", "territory", "parent")


@click.group()
def organisation() -> None:
    """Set up the organisations that answer appeals."""


@organisation.command("list")
def list_organisations() -> None:
    """Print the organisations by code."""
    from otklik.database.functions.organisations import stored_organisations

    with owner_transaction() as connection:
        organisations = stored_organisations(connection)
    if organisations:
        rows = sorted(organisations.items())
        print_table([HEADER, *((code, row.level, row.territory, row.parent or "") for code, row in rows)])
    else:
        click.echo("There are no organisations. `otklik organisation import FILE` adds them, as imported appeals do.")


@organisation.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_organisations(file: Path) -> None:
    """Import a tree of organisations from a CSV file.

    Its columns are code, level (federal, regional, municipal), territory (a code), parent (the code of an
    organisation), name, name_ru, name_hr, short, short_ru and short_hr; required are code, level, territory and name.
    Imported appeals find these organisations by their names. A file that is imported again gives new names and parents.

    Exit code 0: everything landed; 2: the file can't be used, and nothing has changed.
    """
    from otklik.database.functions.save_outcomes import format_outcomes
    from otklik.intake.errors import BadFile
    from otklik.intake.reference_data.organisation_import import import_organisations as load_organisations

    try:
        with owner_transaction() as connection:
            counts = load_organisations(connection, file)
    except BadFile as error:
        raise CommandFailure(str(error), USAGE_CODE) from error
    total = counts.total()
    click.echo(f"{file.name}: {total:,} organisation{'s' * (total != 1)}; {format_outcomes(counts)}.")
