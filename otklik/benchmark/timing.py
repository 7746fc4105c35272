"""Times of a panel's questions, on a connection of their own."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import psycopg

from otklik.benchmark.panels import Statement
from otklik.database.engine import has_one_plan, plan_mode_sql
from otklik.database.scope import BEGIN_SQL

MILLISECONDS = 1000
SET_LIMITS = (
    "SELECT set_config('statement_timeout', %s, true), set_config('max_parallel_workers_per_gather', '0', true)"
)
"""What a transaction of the screens would begin with if it were nobody's: as quick as theirs have to be."""


@dataclass(frozen=True)
class Times:
    """Milliseconds: the first time on a new connection; the median and 95th percentile of those after.

    `over`: it took longer than it was given, which is what the times say then.
    """

    cold: float
    median: float
    p95: float
    over: bool = False


class TimedStep(NamedTuple):
    """Something that people wait for: its median in milliseconds, and what it may take, where that is agreed."""

    name: str
    median: float
    limit_ms: int | None = None


def time_statements(url: str, statements: list[Statement], repetitions: int, person_id: int | None = None) -> Times:
    """Ask a panel's questions again and again, answers fetched; the first time counts as cold.

    Each time as a screen does, in a transaction whose statements end in time; for a person when one is given.
    """
    with psycopg.connect(url) as connection:
        connection.read_only = True
        connection.execute("SELECT set_config('timezone', 'UTC', false)")

        def run_once() -> None:
            if person_id is None:
                connection.execute(SET_LIMITS, ("5000",))
            else:
                connection.execute(BEGIN_SQL, ("5000", "", str(person_id)))
            is_one_plan = False
            for statement, values in statements:
                if has_one_plan(statement) != is_one_plan:
                    is_one_plan = not is_one_plan
                    connection.execute(plan_mode_sql(statement))
                connection.execute(statement, values).fetchall()
            connection.commit()

        return time_repeatedly(run_once, repetitions)


def timed_out(seconds: float) -> Times:
    """What took longer than so many seconds."""
    limit_ms = seconds * MILLISECONDS
    return Times(limit_ms, limit_ms, limit_ms, over=True)


def time_repeatedly(action: Callable[[], object], repetitions: int) -> Times:
    """Call again and again; the first time counts as cold."""
    cold = _elapsed_ms(action)
    warm = sorted(_elapsed_ms(action) for _ in range(repetitions))
    return Times(cold, statistics.median(warm), warm[min(len(warm) - 1, int(len(warm) * 0.95))])


def _elapsed_ms(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * MILLISECONDS
