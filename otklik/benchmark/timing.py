"""Timing statements and functions."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import psycopg

from otklik.benchmark.panels import Statement
from otklik.database.access.scope import BEGIN_SQL
from otklik.database.plan_mode import has_one_plan, plan_mode_sql

MILLISECONDS = 1000
SET_LIMITS = (
    "SELECT set_config('statement_timeout', %s, true), set_config('max_parallel_workers_per_gather', '0', true)"
)
"""How a transaction begins that has the screens' limits but no viewer."""


@dataclass(frozen=True)
class Times:
    """Milliseconds: `cold` is the first call, `median` and `p95` are of the calls after it.

    With `over`, the statements were cancelled, and the times are the limit that they exceeded.
    """

    cold: float
    median: float
    p95: float
    over: bool = False


class TimedStep(NamedTuple):
    """Something that people wait for: its median time, and the agreed limit if there is one, in milliseconds."""

    name: str
    median: float
    limit_ms: int | None = None


def time_statements(url: str, statements: list[Statement], repetitions: int, person_id: int | None = None) -> Times:
    """Time a panel's statements, fetching all rows, each time in a transaction like that of a screen.

    With `person_id`, row security applies as for this person.
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
    """The times of statements that were cancelled after a number of seconds."""
    limit_ms = seconds * MILLISECONDS
    return Times(limit_ms, limit_ms, limit_ms, over=True)


def time_repeatedly(action: Callable[[], object], repetitions: int) -> Times:
    """Call once cold, then `repetitions` times."""
    cold = elapsed_ms(action)
    warm = sorted(elapsed_ms(action) for _ in range(repetitions))
    return Times(cold, statistics.median(warm), warm[min(len(warm) - 1, int(len(warm) * 0.95))])


def elapsed_ms(action: Callable[[], object]) -> float:
    """How long a call takes, in milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * MILLISECONDS
