"""`otklik migrate` and `otklik url`."""

import click

from otklik.cli.connections import migrated_database


@click.command()
def migrate() -> None:
    """Bring the database up to this version of Otklik.

    The other commands do so themselves; this one is for a server of your own (DATABASE_URL) that is to be
    migrated at an hour of your choice.
    """
    with migrated_database():
        click.echo("The database is up to date.", err=True)


@click.command()
def url() -> None:
    """Print the address of the database, for psql and other tools.

    The embedded database answers there while `otklik run` is running.

    \b
    Example:
      psql "$(otklik url)"
    """
    from otklik.database.server import data_directory
    from otklik.settings import read_settings

    settings = read_settings()
    click.echo(settings.database_url or data_directory.server_url(settings.data_folder))
