"""`otklik url`."""

import click

from otklik.settings import settings


@click.command()
def url() -> None:
    """Print the address of the database, for psql and other tools.

    The embedded database answers there while `otklik run` is running.

    \b
    Example:
      psql "$(otklik url)"
    """
    from otklik.database.server import data_directory

    now = settings()
    click.echo(now.database_url or data_directory.address(now.data))
