"""`otklik demo`."""

import click

from otklik.cli.connection import migrated_database
from otklik.cli.progress import progress_reporter


@click.command()
@click.option(
    "--appeals", type=click.IntRange(min=1), metavar="N", help="How many appeals; about 200,000 if not given."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, metavar="S", help="The same seed makes the same appeals."
)
@click.option("--replace", is_flag=True, help="Remove the demo data that is there first, and nothing else.")
def demo(appeals: int | None, seed: int, replace: bool) -> None:
    """Fill an empty database with made-up appeals of thirteen months.

    They are shaped like those of a country's feedback platform, with a few systemic problems planted among
    them. Every screen says "demo data" while they are there.
    """
    from otklik.demo.load import DatabaseNotEmpty, load_demo_data

    with migrated_database() as database_url:
        try:
            load_demo_data(database_url, appeals, seed, progress=progress_reporter(), replace=replace)
        except DatabaseNotEmpty as error:
            raise click.ClickException(str(error)) from error
