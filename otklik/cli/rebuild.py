"""`otklik rebuild`."""

import click

from otklik.cli.connection import database
from otklik.cli.progress import progress


@click.command()
def rebuild() -> None:
    """Make the figures behind the screens anew from the appeals.

    Screens and writers go on meanwhile: each reads the old figures until the new ones are complete.
    """
    from otklik.database.rollups import rebuild as make

    tell = progress()
    with database() as address:
        make(address, lambda _cube, done, total: tell("Making the cubes anew", done, total))
    click.echo("The cubes are made anew from the appeals.", err=True)
