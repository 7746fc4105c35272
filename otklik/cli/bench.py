"""`otklik bench`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otklik.cli.connection import database
from otklik.cli.progress import progress
from otklik.cli.streamlit_warnings import unserved

if TYPE_CHECKING:
    from otklik.benchmark.dataset import Progress


@click.command()
@click.option(
    "--appeals", type=click.IntRange(min=1000), default=1_000_000, show_default=True, metavar="N", help="How many."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=Path("bench.json"),
    show_default=True,
    metavar="FILE",
    help="Where the same is written as JSON.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep the database in this folder, and measure the one that is there if it has as many appeals.",
)
@click.option("--build-only", is_flag=True, help="Build the database in --data and measure nothing yet.")
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Measure nothing: print what these outputs of earlier runs say, side by side.",
)
@unserved()
def bench(appeals: int, output: Path, data: Path | None, build_only: bool, compare: tuple[Path, ...]) -> None:
    """Measure how fast the screens and the writes are, on made-up appeals in a database of their own.

    Asks every panel's questions cold and warm, the same from the appeals themselves and from a columnar copy,
    and prints one table. Ten million appeals take about an hour and 15 GB of disk.
    """
    from otklik.benchmark.comparison import page
    from otklik.benchmark.report import read

    if compare:
        click.echo(page([read(json.loads(path.read_text(encoding="utf-8"))) for path in compare]), nl=False)
        return
    if build_only and data is None:
        raise click.UsageError("--build-only wants --data FOLDER, where the database stays.")
    report_progress = progress()
    with built(appeals, data, report_progress) as database_url:
        if build_only:
            return
        from otklik.benchmark import dataset
        from otklik.benchmark.run import run

        with dataset.engine_at(database_url):
            report = run(database_url, appeals, report_progress)
    output.write_text(json.dumps(report.as_json(), indent=1), encoding="utf-8")
    click.echo("\n".join(report.lines()))


@contextmanager
def built(appeals: int, data: Path | None, report_progress: "Progress") -> Iterator[str]:
    """The address of a database of so many appeals: kept in a folder of its own, or beside the appeals' one for now."""
    from otklik.benchmark import dataset
    from otklik.database.server.embedded import serving
    from otklik.settings import settings

    if data is None:
        with database() as server_url, dataset.database(server_url, keep=False) as database_url:
            dataset.build(database_url, appeals, report_progress)
            yield database_url
        return
    with serving(replace(settings(), data=data.absolute(), database_url=None, app_url=None)) as server_url:
        if existing_url := dataset.kept(server_url, appeals):
            yield existing_url
            return
        with dataset.database(server_url, keep=True) as database_url:
            dataset.build(database_url, appeals, report_progress)
            yield database_url
