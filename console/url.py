"""`otklik url`."""

import click

from database.settings import settings


@click.command()
def url() -> None:
    """Print the address of the database, for psql and other tools.

    The embedded database answers there while `otklik run` is running.

    \b
    Example:
      psql "$(otklik url)"
    """
    from database import cluster

    now = settings()
    click.echo(now.database_url or cluster.address(now.data))
