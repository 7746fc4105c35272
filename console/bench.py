"""`otklik bench`."""

import json
from pathlib import Path

import click

from console.database import database
from console.progress import progress


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
@click.option("--keep", is_flag=True, help="Leave the database `otklik_bench` for a look around.")
def bench(appeals: int, output: Path, keep: bool) -> None:
    """Measure how fast the screens and the writes are, on made-up appeals in a database of their own.

    Asks every panel's questions cold and warm, the same from the appeals themselves and from a columnar copy,
    and prints one table. Ten million appeals take about half an hour and 12 GB of disk.
    """
    from benchmark import build
    from benchmark.run import run

    tell = progress()
    with database() as address, build.database(address, keep=keep) as made:
        build.build(made, appeals, tell)
        with build.engine_at(made):
            report = run(made, appeals, tell)
    output.write_text(json.dumps(report.as_json(), indent=1), encoding="utf-8")
    click.echo("\n".join(report.lines()))
