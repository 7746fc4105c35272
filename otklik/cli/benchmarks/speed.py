"""`otklik bench`: how fast the screens, the writes and imports are."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import progress_reporter, without_streamlit_warnings


@click.group(invoke_without_command=True)
@click.option(
    "--appeals", type=click.IntRange(min=1000), default=1_000_000, show_default=True, metavar="N", help="How many."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=Path("bench.json"),
    show_default=True,
    metavar="FILE",
    help="Where the report is written as JSON too.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep the database in this folder; one that is there with as many appeals is measured again.",
)
@click.option("--panels-only", is_flag=True, help="Measure the panels from cubes and the sizes, nothing else.")
@click.option("--build-only", is_flag=True, help="Build the database in --data and measure nothing yet.")
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Measure nothing: print these outputs of earlier runs side by side.",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="Measure nothing: simulate how often the intervals of the fair comparison hold the truth.",
)
@click.pass_context
@without_streamlit_warnings()
def bench(  # noqa: PLR0913, PLR0917 -- the options of a command
    context: click.Context,
    appeals: int,
    output: Path,
    data: Path | None,
    panels_only: bool,
    build_only: bool,
    compare: tuple[Path, ...],
    coverage: bool,
) -> None:
    """Measure how fast the screens and the writes are, on made-up appeals in a database of their own.

    Runs every panel's queries cold and warm, from the cubes, from the appeals themselves and from a columnar
    copy, and prints one table. Ten million appeals take about an hour and 15 GB of disk.
    """
    if context.invoked_subcommand:
        return
    from otklik.benchmark.comparison import comparison_page
    from otklik.benchmark.report import parse_report

    if compare:
        click.echo(
            comparison_page([parse_report(json.loads(path.read_text(encoding="utf-8"))) for path in compare]), nl=False
        )
        return
    if coverage:
        from otklik.benchmark.accuracy.coverage import coverage_table

        for line in coverage_table():
            click.echo(line)
        return
    if build_only and data is None:
        raise click.UsageError("--build-only needs --data FOLDER, where the database stays.")
    report_progress = progress_reporter()
    from otklik.benchmark import database, dataset

    build = partial(dataset.build_dataset, appeals=appeals, progress=report_progress)
    with benchmark_database(database.DATABASE_NAME, appeals, data, build) as database_url:
        if build_only:
            return
        from otklik.benchmark.run import run_benchmark

        with database.use_database(database_url):
            report = run_benchmark(database_url, appeals, report_progress, panels_only=panels_only)
    output.write_text(json.dumps(report.to_dict(), indent=1), encoding="utf-8")
    click.echo("\n".join(report.markdown_lines()))


@bench.command("import")
@click.option(
    "--rows",
    "sizes",
    type=click.IntRange(min=1),
    multiple=True,
    default=(100_000, 1_000_000),
    show_default=True,
    metavar="N",
    help="Of the file; may be given again, for files of several sizes.",
)
def bench_import(sizes: tuple[int, ...]) -> None:
    """Measure what importing a file costs, the first time and again: time for a row, and memory by its size."""
    from otklik.benchmark.import_cost import import_cost_table

    with migrated_database() as server_url:
        for line in import_cost_table(server_url, sizes, progress_reporter()):
            click.echo(line)


@contextmanager
def benchmark_database(name: str, rows: int, data: Path | None, build: Callable[[str], None]) -> Iterator[str]:
    """The address of a database that `build` fills: kept in a folder, or on the appeals' server and then dropped.

    `rows`: how many appeals or votes it has; a kept one with as many isn't built again.
    """
    from otklik.benchmark import database
    from otklik.database.migrate import migrate
    from otklik.database.server.embedded import running_database
    from otklik.settings import read_settings

    if data is None:
        with (
            migrated_database() as server_url,
            database.benchmark_database(server_url, keep=False, name=name) as database_url,
        ):
            build(database_url)
            yield database_url
        return
    with running_database(
        read_settings().model_copy(update={"data_folder": data.absolute(), "database_url": None, "app_url": None})
    ) as server_url:
        if existing_url := database.kept_database(server_url, rows, name):
            migrate(existing_url)
            yield existing_url
            return
        with database.benchmark_database(server_url, keep=True, name=name) as database_url:
            build(database_url)
            yield database_url
