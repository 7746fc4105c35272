"""`otklik poll`: what the voters of polls are compared with."""

from pathlib import Path

import click

from otklik.cli.connections import migrated_database


@click.group()
def poll() -> None:
    """Load what the voters of polls are compared with (docs/polls.md)."""


@poll.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def population(file: Path) -> None:
    """Load how many people of each age and sex live in each municipality.

    FILE is CSV with the columns territory (a municipality's code), sex (male or female), age (a year, or the first
    one of a band: 14, 18, 25, 35, 45, 55, 65) and people. It replaces what is known of its territories.

    \b
    Example:
      otklik poll population population-2026.csv
    """
    import psycopg

    from otklik.database.population import UnusableFile, import_population

    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        try:
            count = import_population(connection, file)
        except UnusableFile as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Territories with a population by age and sex: {count}.")
