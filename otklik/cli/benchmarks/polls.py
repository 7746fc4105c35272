"""`otklik bench polls`: how fast the pages of polls are with many votes."""

from pathlib import Path

import click

from otklik.cli.benchmarks.speed import bench, benchmark_database
from otklik.cli.console import progress_reporter, without_streamlit_warnings


@bench.command("polls")
@click.option(
    "--votes", type=click.IntRange(min=10_000), default=1_000_000, show_default=True, metavar="N", help="How many."
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep the database in this folder; one that is there with as many votes is measured again.",
)
@without_streamlit_warnings()
def bench_polls(votes: int, data: Path | None) -> None:
    """Measure how fast the pages of polls are, on made-up votes in a database of their own.

    Prints for each panel the time of its statements, in a viewer's transaction, rows fetched: median and 95th
    percentile. Ten million votes take about half an hour and 15 GB of disk.
    """
    from otklik.benchmark import database
    from otklik.benchmark.polls.dataset import DATABASE_NAME, build_polls, running_polls
    from otklik.benchmark.polls.panels import poll_tables
    from otklik.launcher.poll_releases import release_polls

    progress = progress_reporter()

    def build(url: str) -> None:
        build_polls(url, votes, progress)
        release_polls(url, running_polls(url))

    with (
        benchmark_database(DATABASE_NAME, votes, data, build) as database_url,
        database.use_database(database_url),
    ):
        for line in poll_tables(database_url, votes, progress):
            click.echo(line)
