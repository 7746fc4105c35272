"""`otklik bench detect` and others: how surely what statistics say is true."""

from datetime import timedelta

import click

from otklik.cli.benchmarks.speed import bench
from otklik.cli.connections import migrated_database
from otklik.cli.console import progress_reporter
from otklik.detection.blas_threads import use_one_blas_thread


@bench.command("detect")
@click.option(
    "--replicates",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    metavar="N",
    help="Series of each scenario, without an outbreak and with one; 10 have each size of outbreak once.",
)
@click.option("--seed", type=click.IntRange(min=0), default=17, show_default=True, metavar="N", help="Of chance.")
def bench_detect(replicates: int, seed: int) -> None:
    """Simulate how surely and how soon outbreaks are seen, in comparison with simpler rules.

    42 scenarios of weekly counts, the last 49 of 624 weeks judged (docs/analysis.md). Prints the share of outbreaks
    that each method sees at equal rates of false alarms, and the false alarms at the nominal level.
    """
    use_one_blas_thread()
    from otklik.benchmark.accuracy.outbreak_detection import detection_table

    for line in detection_table(replicates, seed, progress_reporter()):
        click.echo(line)


@bench.command("surge-sizes")
@click.option("--replicates", type=click.IntRange(min=1), default=2000, show_default=True, metavar="N", help="Cells.")
@click.option("--seed", type=click.IntRange(min=0), default=17, show_default=True, metavar="N", help="Of chance.")
def bench_surge_sizes(replicates: int, seed: int) -> None:
    """Simulate how many more appeals than usual are seen as a surge within a week, by what a cell usually has."""
    use_one_blas_thread()
    from otklik.benchmark.accuracy.surge_sizes import surge_size_table

    for line in surge_size_table(replicates, seed, progress_reporter()):
        click.echo(line)


@bench.command("poll-weights")
@click.option(
    "--replicates", type=click.IntRange(min=1), default=1000, show_default=True, metavar="N", help="Of each row."
)
@click.option("--seed", type=click.IntRange(min=0), default=17, show_default=True, metavar="N", help="Of chance.")
def bench_poll_weights(replicates: int, seed: int) -> None:
    """Simulate how often the interval of a poll's weighted result holds what all who live there think.

    Polls in which who votes depends on age, town and sex, or on the answer itself, which no weighting mends.
    """
    use_one_blas_thread()
    from otklik.benchmark.accuracy.raking_coverage import raking_coverage_table

    for line in raking_coverage_table(replicates, seed, progress_reporter()):
        click.echo(line)


@bench.command("poll-flags")
@click.option(
    "--replicates",
    type=click.IntRange(min=10),
    default=1000,
    show_default=True,
    metavar="N",
    help="Polls of each size.",
)
@click.option("--seed", type=click.IntRange(min=0), default=17, show_default=True, metavar="N", help="Of chance.")
def bench_poll_flags(replicates: int, seed: int) -> None:
    """Simulate how often clean polls are flagged as suspicious, and how surely planted manipulations are found."""
    use_one_blas_thread()
    from otklik.benchmark.accuracy.suspicious_voting import poll_flags_tables

    for line in poll_flags_tables(replicates, seed, progress_reporter()):
        click.echo(line)


@bench.command("effect")
@click.option(
    "--replicates", type=click.IntRange(min=1), default=1000, show_default=True, metavar="N", help="Of each cell."
)
@click.option("--seed", type=click.IntRange(min=0), default=17, show_default=True, metavar="N", help="Of chance.")
def bench_effect(replicates: int, seed: int) -> None:
    """Simulate how often the 95 % interval of a remedy's effect holds the true effect.

    Weekly counts with trend, season, overdispersion or correlated weeks, by the weeks before and after the remedy.
    """
    use_one_blas_thread()
    from otklik.benchmark.accuracy.effect_coverage import effect_coverage_table

    for line in effect_coverage_table(replicates, seed, progress_reporter()):
        click.echo(line)


@bench.command("surge-replay")
@click.option(
    "--days",
    "day_count",
    type=click.IntRange(min=1),
    default=152,
    show_default=True,
    metavar="N",
    help="The last days that are over everywhere.",
)
def bench_surge_replay(day_count: int) -> None:
    """Search the days of the demo as they came, and print which of its planted surges were found, and what else.

    Each day is judged by what had been received until then. Nothing is stored.
    """
    use_one_blas_thread()
    import psycopg

    from otklik.benchmark.accuracy.surge_replay import replay_table
    from otklik.detection.missed_days import last_whole_day

    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        last = last_whole_day(connection)
        days = [last - timedelta(days=age) for age in reversed(range(day_count))]
        for line in replay_table(connection, days, progress_reporter()):
            click.echo(line)


@bench.command("text-clusters")
@click.option(
    "--replicates", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Of each row."
)
@click.option("--seed", type=click.IntRange(min=0), default=17, show_default=True, metavar="N", help="Of chance.")
def bench_text_clusters(replicates: int, seed: int) -> None:
    """Simulate how surely and how soon similar new texts are found as a cluster, and how often by chance.

    The demo's texts of schools as usual traffic; planted are five schools without hot meals, in other words. A row of
    clean texts has a week of ten cells per ten replicates.
    """
    use_one_blas_thread()
    from otklik.benchmark.accuracy.text_clusters import text_cluster_tables

    for line in text_cluster_tables(replicates, seed, progress_reporter()):
        click.echo(line)
