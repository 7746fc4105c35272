"""`otklik demo` and `otklik simulate`: appeals that nobody wrote."""

import sys

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import progress_reporter


@click.command()
@click.option(
    "--appeals", type=click.IntRange(min=1), metavar="N", help="How many appeals; about 200,000 if not given."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, metavar="S", help="The same seed makes the same appeals."
)
@click.option("--replace", is_flag=True, help="Remove the demo data that is there first, and nothing else.")
@click.option("--remove", is_flag=True, help="Remove the demo data and make none; other appeals stay.")
def demo(appeals: int | None, seed: int, replace: bool, remove: bool) -> None:
    """Fill an empty database with made-up appeals of thirteen months.

    They are shaped like those of a country's feedback platform, with a few systemic problems planted among
    them. Every screen says "demo data" while they are there.
    """
    from otklik.demo.load import DatabaseNotEmpty, load_demo_data
    from otklik.demo.removal import remove_demo_data

    with migrated_database() as database_url:
        if remove:
            count = remove_demo_data(database_url, progress_reporter())
            click.echo(f"{count:,} appeals of the demo were removed." if count else "There are no demo data.")
            return
        try:
            load_demo_data(database_url, appeals, seed, progress=progress_reporter(), replace=replace)
        except DatabaseNotEmpty as error:
            raise click.ClickException(str(error)) from error


@click.command()
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="R",
    help="Changes per second.",
)
@click.option("--seed", type=int, metavar="S", help="The same seed plays the same changes.")
def simulate(rate: float, seed: int | None) -> None:
    """Play the day on until Ctrl-C: new appeals, moves, answers and ratings.

    Start it while `otklik run` is running, to watch the screens move.
    """
    from otklik.simulator.simulate import NoDemoData, run_simulator

    is_terminal = sys.stdout.isatty()

    def print_line(line: str) -> None:
        click.echo(f"\r\033[K{line}" if is_terminal else line, nl=not is_terminal)

    with migrated_database() as database_url:
        try:
            run_simulator(database_url, rate, seed, report=print_line)
        except NoDemoData as error:
            raise click.ClickException(str(error)) from error
    if is_terminal:
        click.echo()
