"""When appeals came, to the minute, and how many of them as one batch: from one place and channel within an hour.

Real data are full of batches: an inspector on a round, or a citizen with the app, who reports thirty things in a
row. They are one occasion, however many appeals: `surge_search` counts the largest batch of a cell as a single appeal.
"""

from datetime import date
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

from otklik.detection.binary_copy import copy_integers
from otklik.detection.cell_tree import Ancestry, Cell, CellTree, IntArray
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.daily_counts import day_number

# Appeals of a source that gives no time of day came at midnight: of them nobody knows whether they came at once.
MINUTES_SQL: LiteralString = """
    COPY (
        SELECT coalesce(municipality_id, region_id), topic_id, local_at::date - date '1970-01-01', channel_id::integer,
            floor(extract(epoch FROM received_at) / 60)::integer, count(*)::integer
        FROM appeal
        JOIN territory AS region ON region.id = region_id
        CROSS JOIN LATERAL (SELECT received_at AT TIME ZONE region.timezone AS local_at) AS local
        WHERE received_at >= %(first)s::date - interval '1 day' AND local_at::date BETWEEN %(first)s AND %(last)s
            AND local_at::time <> '00:00'
        GROUP BY 1, 2, 3, 4, 5
    ) TO STDOUT (FORMAT binary)"""
BATCH_MINUTES = 60


class ReceiptMinutes(NamedTuple):
    """How many appeals a place received on a topic through a channel in a minute: one element per all of these.

    `day` is the local one, in days since 1970; `minute` is in minutes since then.
    """

    place: IntArray
    topic: IntArray
    day: IntArray
    channel: IntArray
    minute: IntArray
    received: IntArray

    def largest_batches(self, tree: CellTree, cell: Cell, day: date, window_days: tuple[int, ...]) -> FloatArray:
        """How many appeals of a cell its largest batch has, in each of the windows that end with the day.

        A batch is what a place received through one channel within an hour.
        """
        age = day_number(day) - self.day
        is_inside = (age >= 0) & (age < max(window_days))
        is_inside[is_inside] = _is_within(self.place[is_inside], cell[0], tree.territories)
        is_inside[is_inside] = _is_within(self.topic[is_inside], cell[1], tree.topics)
        inside, age = ReceiptMinutes(*(values[is_inside] for values in self)), age[is_inside]
        return np.array([inside.largest_batch(age < days) for days in window_days], dtype=float)

    def largest_batch(self, is_wanted: NDArray[np.bool_]) -> int:
        """The most appeals of one place and channel within an hour, among some of the elements."""
        if not is_wanted.any():
            return 0
        _origins, origin = np.unique(
            np.column_stack([self.place, self.channel])[is_wanted], axis=0, return_inverse=True
        )
        minute = self.minute[is_wanted] - self.minute[is_wanted].min()
        # Far enough apart that no hour reaches from one origin into the next one's.
        moment = origin.ravel() * (int(minute.max()) + BATCH_MINUTES) + minute
        order = moment.argsort()
        moment, sums = moment[order], np.concatenate([[0], np.cumsum(self.received[is_wanted][order])])
        ends = np.searchsorted(moment, moment + BATCH_MINUTES)
        return int((sums[ends] - sums[:-1]).max())


def no_minutes() -> ReceiptMinutes:
    """Those of appeals of which nothing is known of when on their day they came."""
    return ReceiptMinutes(*(np.zeros(0, dtype=np.int64) for _field in ReceiptMinutes._fields))


def read_receipt_minutes(connection: psycopg.Connection, first: date, last: date) -> ReceiptMinutes:
    """Those of the local days from the first to the last one."""
    params = {"first": first, "last": last}
    return ReceiptMinutes(*copy_integers(connection, MINUTES_SQL, len(ReceiptMinutes._fields), params))


def _is_within(ids: IntArray, top: int, tree: Ancestry) -> NDArray[np.bool_]:
    members, position = np.unique(ids, return_inverse=True)
    is_below = np.array([top in tree.path(member) for member in members.tolist()], dtype=bool)
    return is_below[position.ravel()]
