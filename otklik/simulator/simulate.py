"""Running the simulator: appeals of the demo arrive, move on, are answered and rated."""

import time
from collections import Counter
from collections.abc import Callable
from threading import Event

import numpy as np
import psycopg
from psycopg.rows import dict_row

from otklik.demo.catalogue_data import UGRA, catalogue_data
from otklik.demo.generator.volume import regional_activity
from otklik.settings import libpq_url
from otklik.simulator.endings import STEPS
from otklik.simulator.new_appeal import AppealGenerator
from otklik.simulator.steps import Connection, StepContext

APPLICATION_NAME = "otklik simulate"
UGRA_RATE = 20
"""Ugra's appeals per inhabitant relative to the other regions, as in the default demo data."""
MAX_TRIES = 40
"""How many random steps and regions are tried to find a suitable appeal."""


class NoDemoData(Exception):
    """The database holds no demo data, which alone the simulator may change."""


def run_simulator(
    url: str,
    rate: float = 1.0,
    seed: int | None = None,
    stop: Event | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> None:
    """Make `rate` changes a second on average, each in its own transaction, until Ctrl-C or `stop`.

    Reports the counts of steps so far, at most once a second, and waits while the database is unavailable.
    Raises NoDemoData.
    """
    stop = stop or Event()
    rng = np.random.default_rng(seed)
    generator = AppealGenerator(rng)
    step_counts: Counter[str] = Counter()
    while not stop.is_set():
        try:
            with psycopg.connect(
                libpq_url(url), row_factory=dict_row, application_name=APPLICATION_NAME, connect_timeout=10
            ) as connection:
                check_demo_data(connection)
                _run_steps(connection, rng, generator, rate, stop, (step_counts, report))
        except psycopg.OperationalError:
            report("The database is away: waiting for it to come back.")
            stop.wait(1)
        except KeyboardInterrupt:
            break
    report(format_step_counts(step_counts))


def format_step_counts(step_counts: Counter[str]) -> str:
    """The counts as text, such as "12 received, 5 moderated"."""
    return ", ".join(f"{step_counts[name]} {name}" for name in STEPS if step_counts[name]) or "Nothing yet"


def check_demo_data(connection: Connection) -> None:
    """Raise NoDemoData unless the database holds demo data."""
    with connection.transaction():
        if not connection.execute("SELECT FROM demo_run LIMIT 1").fetchall():
            raise NoDemoData(
                "The simulator changes demo data only, and the database holds none: run `otklik demo` first."
            )


def _run_steps(
    connection: Connection,
    rng: np.random.Generator,
    generator: AppealGenerator,
    rate: float,
    stop: Event,
    reporting: tuple[Counter[str], Callable[[str], None]],
) -> None:
    step_counts, report = reporting
    regions = [row["code"] for row in catalogue_data().regions]
    rates = np.where(np.array(regions) == UGRA, UGRA_RATE, regional_activity(len(regions)))
    region_weights = catalogue_data().region_population * rates
    next_at = reported_at = time.monotonic()
    while not stop.wait(max(next_at - time.monotonic(), 0)):
        for _ in range(MAX_TRIES):
            region = regions[int(rng.choice(len(regions), p=region_weights / region_weights.sum()))]
            step_name = list(STEPS)[int(rng.choice(len(STEPS), p=[probability for _, probability in STEPS.values()]))]
            succeeded = False
            with connection.transaction():  # a step whose appeal has changed meanwhile rolls back
                succeeded = STEPS[step_name][0](StepContext(connection, rng, generator, region))
            if succeeded:
                step_counts[step_name] += 1
                break
        # With a database too slow for the rate, missed steps aren't caught up.
        next_at = max(next_at + rng.exponential(1 / rate), time.monotonic() - 1)
        if time.monotonic() - reported_at >= 1:
            reported_at = time.monotonic()
            report(format_step_counts(step_counts))
