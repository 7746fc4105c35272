"""`otklik migrate`."""

import click

from otklik.cli.connection import migrated_database


@click.command()
def migrate() -> None:
    """Bring the database up to this version of Otklik.

    The other commands do so themselves; this one is for a server of your own (DATABASE_URL) whose
    migration has its own hour.
    """
    with migrated_database():
        click.echo("The database is up to date.", err=True)
