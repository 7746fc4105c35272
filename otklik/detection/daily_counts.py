"""What has been received on each day: read at once, as arrays."""

from datetime import date
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

from otklik.detection.binary_copy import copy_integers
from otklik.detection.cell_tree import IntArray

EPOCH = date(1970, 1, 1)
# A day is that of the region's own clock. Without a municipality an appeal counts for its region alone.
COUNTS_SQL: LiteralString = """
    COPY (
        SELECT coalesce(municipality_id, region_id), topic_id, received_day - date '1970-01-01', count(*)::integer
        FROM appeal
        JOIN territory AS region ON region.id = region_id
        CROSS JOIN LATERAL (SELECT (received_at AT TIME ZONE region.timezone)::date AS received_day) AS local
        GROUP BY 1, 2, 3
    ) TO STDOUT (FORMAT binary)"""


class DailyCounts(NamedTuple):
    """How many appeals a place (municipality or region) received on a topic on a local day: one element a row.

    `day` is in days since 1970; days without appeals have no row.
    """

    place: IntArray
    topic: IntArray
    day: IntArray
    received: IntArray

    def until(self, day: date) -> "DailyCounts":
        """What was known at the end of a day."""
        return self.only(self.day <= day_number(day))

    def only(self, is_wanted: NDArray[np.bool_]) -> "DailyCounts":
        """The rows for which this is true."""
        return DailyCounts(*(values[is_wanted] for values in self))


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def read_daily_counts(connection: psycopg.Connection) -> DailyCounts:
    """All appeals of the database."""
    return DailyCounts(*copy_integers(connection, COUNTS_SQL, len(DailyCounts._fields)))
