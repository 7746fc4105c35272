"""Measuring operational control with 200,000 open appeals: the queue, and reassigning a thousand appeals."""

from otklik.benchmark import queue
from otklik.benchmark.database import benchmark_database, use_database
from otklik.benchmark.reassignment import measure_reassignment
from otklik.benchmark.timing import TimedStep
from otklik.progress import ProgressCallback


def measure_control(url: str, progress: ProgressCallback) -> list[TimedStep]:
    """Build a database on the server of `url`, measure, and drop it."""
    with benchmark_database(url, keep=False, name="otklik_bench_open") as open_url:
        queue.build_queue_dataset(open_url, progress)
        with use_database(open_url):
            return [*queue.measure_queue(), *measure_reassignment(open_url)]
