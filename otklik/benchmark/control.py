"""Operational control with 200,000 open appeals: the queue's questions, and handing a thousand on."""

from otklik.benchmark import queue
from otklik.benchmark.dataset import Progress, database, engine_at
from otklik.benchmark.reassignment import handling
from otklik.benchmark.timing import Step


def control(address: str, progress: Progress) -> list[Step]:
    """Build a database for it beside the one at the address, measure, and drop it."""
    with database(address, keep=False, name="otklik_bench_open") as open_url:
        queue.fill(open_url, progress)
        with engine_at(open_url):
            return [*queue.timed(), *handling(open_url)]
