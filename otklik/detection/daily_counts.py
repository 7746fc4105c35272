"""What has been received on each day: read at once, as arrays."""

from datetime import date
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

EPOCH = date(1970, 1, 1)
COPY_HEADER_BYTES, COPY_TRAILER_BYTES = 19, 2
_FIELDS = ("place", "topic", "day", "count")
# Each row of a binary copy has the number of its fields, then the length and the value of each of them.
_ROW_TYPE = np.dtype(
    [("fields", ">i2"), *(pair for name in _FIELDS for pair in ((f"{name}_length", ">i4"), (name, ">i4")))]
)
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
    with connection.cursor().copy(COUNTS_SQL) as copy:
        data = b"".join(bytes(block) for block in copy)
    rows = np.frombuffer(data[COPY_HEADER_BYTES:-COPY_TRAILER_BYTES], dtype=_ROW_TYPE)
    return DailyCounts(*(rows[name].astype(np.int64) for name in _FIELDS))
