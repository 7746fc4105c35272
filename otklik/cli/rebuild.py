"""`otklik rebuild`."""

import click

from otklik.cli.connection import migrated_database
from otklik.cli.progress import progress_reporter


@click.command()
def rebuild() -> None:
    """Make the figures behind the screens anew from the appeals.

    Screens and writers go on meanwhile: each reads the old figures until the new ones are complete.
    """
    from otklik.database.rollups import rebuild_cubes as make

    report_progress = progress_reporter()
    with migrated_database() as database_url:
        make(database_url, lambda _cube, completed, total: report_progress("Making the cubes anew", completed, total))
    click.echo("The cubes are made anew from the appeals.", err=True)
