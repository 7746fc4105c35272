"""`otklik url`."""

import click

from otklik.settings import read_settings


@click.command()
def url() -> None:
    """Print the address of the database, for psql and other tools.

    The embedded database answers there while `otklik run` is running.

    \b
    Example:
      psql "$(otklik url)"
    """
    from otklik.database.server import data_directory

    settings = read_settings()
    click.echo(settings.database_url or data_directory.server_url(settings.data_folder))
