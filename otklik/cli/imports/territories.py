"""`otklik territory`: territories of one's own."""

from pathlib import Path

import click

from otklik.cli.connections import owner_transaction
from otklik.cli.console import print_table

HEADER = ("code", "level", "parent", "time zone", "name")


@click.group()
def territory() -> None:
    """Set up the territories of a country, region or city of your own, with boundaries for the map."""


@territory.command("list")
def list_territories() -> None:
    """Print the territories, each level by code."""
    from otklik.database.functions.territories import stored_territories
    from otklik.intake.reference_data.territory_tree import LEVELS

    with owner_transaction() as connection:
        territories = stored_territories(connection)
    rows = sorted(territories.items(), key=lambda item: (LEVELS.index(item[1].level), item[0]))
    if rows:
        print_table([HEADER, *((code, row.level, row.parent or "", row.timezone, row.name) for code, row in rows)])
    else:
        click.echo("There are no territories. `otklik territory import FILE` adds them.")


def _pairs(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """FIELD=VALUE options as a dictionary."""
    from otklik.intake.reference_data.territory_tree import FIELDS

    pairs = {}
    for value in values:
        field, separator, text = value.partition("=")
        if not separator or field not in FIELDS or not text:
            raise click.BadParameter(f"{value}: expected FIELD=VALUE, with a field of {', '.join(FIELDS)}.")
        pairs[field] = text
    return pairs


@territory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--column", "columns", multiple=True, callback=_pairs, metavar="FIELD=NAME", help="Where a field stands.")
@click.option("--set", "constants", multiple=True, callback=_pairs, metavar="FIELD=VALUE", help="The same for all.")
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    metavar="METRES",
    help="How coarse the map's boundaries become: 0 keeps every point. Without it, what can't be seen is left out.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.pass_context
def import_territories(
    context: click.Context,
    file: Path,
    columns: dict[str, str],
    constants: dict[str, str],
    tolerance: float | None,
    dry_run: bool,
) -> None:
    """Import a tree of territories from a CSV file, or a GeoJSON file with their boundaries.

    Fields are code, level (country, district, region, municipality), parent (a code), name, name_ru, name_hr, short,
    short_ru, short_hr, timezone, population, lon and lat; only code, level, parent and name are required. A file that
    is imported again gives new names, numbers and boundaries.

    \b
    Example:
      otklik territory import boroughs.geojson --column code=boro_code --column name=boro_name \\
          --set level=municipality --set parent=US-NYC

    Exit code 0: everything landed; 2: the file can't be used, and nothing has changed.
    """
    from otklik.intake.errors import BadFile
    from otklik.intake.reference_data.territory_import import import_territories as load_territories
    from otklik.settings import read_settings

    try:
        with owner_transaction() as connection:
            summary = load_territories(
                connection,
                file,
                columns=columns,
                constants=constants,
                tolerance_m=tolerance,
                boundaries_folder=read_settings().data_folder / "boundaries",
                dry_run=dry_run,
            )
            if dry_run:
                connection.rollback()
    except BadFile as error:
        click.echo(f"Error: {error}", err=True)
        context.exit(2)
    for line in summary.format_lines():
        click.echo(line)
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")
