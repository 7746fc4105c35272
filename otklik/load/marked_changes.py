"""Marked changes: appeals of the demo that a load run adds, by which each viewer's delay is measured.

A viewer has seen a change once the number of appeals received that its page shows has grown by as many as had been
committed with that change.
"""

import time
from dataclasses import dataclass

import numpy as np
import psycopg
from psycopg.rows import dict_row, scalar_row

from otklik.demo.catalogue_data import catalogue_data
from otklik.load.measurements import Measurements
from otklik.settings import libpq_url
from otklik.simulator.new_appeal import AppealGenerator
from otklik.simulator.simulate import check_demo_data
from otklik.simulator.steps import StepContext, receive_appeal

RUNNING_DAY_QUERY = "SELECT min((now() AT TIME ZONE timezone)::date) AS day FROM territory WHERE level = 'region'"
"""The day that pages show as today: the earliest local day that isn't over in every region. Regions further east may
have the next one, and what they receive is no appeal of today."""
REGIONS_QUERY = """
    SELECT code FROM territory WHERE level = 'region' AND code = ANY (%s) AND (now() AT TIME ZONE timezone)::date = %s
    ORDER BY code"""
"""The regions, of some, whose local day is a given one."""
ARRIVED_QUERY = """
    SELECT count(*) FROM appeal JOIN territory ON territory.id = region_id
    WHERE received_at >= %s AND (received_at AT TIME ZONE timezone)::date = %s"""


@dataclass(frozen=True)
class MarkedChange:
    """A committed change: when (by the monotonic clock), and how many appeals of today had come since the run began."""

    committed_at: float
    arrived: int


class ChangeMarker:
    """Adds marked changes to demo data, and notes which viewer sees which change when."""

    def __init__(self, database_url: str, measurements: Measurements) -> None:
        """Count arrivals from now on. Raises NoDemoData where the database has appeals that aren't made up."""
        self._url = libpq_url(database_url)
        self._measurements = measurements
        self._rng = np.random.default_rng()
        self._generator = AppealGenerator(self._rng)
        self._regions = [row["code"] for row in catalogue_data().regions]
        self.changes: list[MarkedChange] = []
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            check_demo_data(connection)
            row = connection.execute("SELECT now() AS now").fetchone()
            self._began_at = row["now"] if row else None

    def add_change(self) -> None:
        """Commit a new appeal that counts as one of today; returns once it is committed and counted."""
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            today = _running_day(connection)
            regions = connection.execute(REGIONS_QUERY, [self._regions, today]).fetchall()
            region = str(regions[int(self._rng.integers(len(regions)))]["code"])
            receive_appeal(StepContext(connection, self._rng, self._generator, region))
            connection.commit()
            committed_at = time.monotonic()
            self.changes.append(MarkedChange(committed_at, self._count_arrived(connection, today)))

    def viewer(self) -> "ChangeViewer":
        """A viewer of the changes that are added from now on."""
        return ChangeViewer(self.changes, self._measurements)

    def _count_arrived(self, connection: psycopg.Connection[dict[str, object]], today: object) -> int:
        cursor = connection.cursor(row_factory=scalar_row)
        count = cursor.execute(ARRIVED_QUERY, [self._began_at, today]).fetchone()
        return int(count or 0)


class ChangeViewer:
    """Which marked changes one viewer has seen."""

    def __init__(self, changes: list[MarkedChange], measurements: Measurements) -> None:
        """See only what is appended to `changes` from now on."""
        self._changes, self._measurements = changes, measurements
        self._next = len(changes)

    def see(self, arrived: int, seen_at: float) -> None:
        """Note that the page shows so many appeals that arrived since the run began, from a moment on."""
        while self._next < len(self._changes) and self._changes[self._next].arrived <= arrived:
            self._measurements.change_delays.append(seen_at - self._changes[self._next].committed_at)
            self._next += 1

    def finish(self) -> None:
        """Count the changes that were added in the viewer's time and that it didn't see."""
        self._measurements.unseen_changes += len(self._changes) - self._next
        self._next = len(self._changes)


def _running_day(connection: psycopg.Connection[dict[str, object]]) -> object:
    row = connection.execute(RUNNING_DAY_QUERY).fetchone()
    assert row is not None  # noqa: S101 -- an aggregate has a row
    return row["day"]
