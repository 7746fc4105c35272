"""`otklik simulate`."""

import sys

import click

from otklik.cli.connection import migrated_database


@click.command()
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="R",
    help="Changes per second.",
)
@click.option("--seed", type=int, metavar="S", help="Play the same changes again.")
def simulate(rate: float, seed: int | None) -> None:
    """Play the day on until Ctrl-C: new appeals, moves, answers and ratings.

    Start it beside `otklik run` to watch the screens move.
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
