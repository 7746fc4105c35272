"""Appeals that came as one batch: what a place received on a topic through one channel within one hour.

Real data are full of them: an inspector on a round, or a citizen with the app in hand, who reports thirty things within
half an hour. They are one occasion, however many appeals.
"""

from datetime import date
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

from otklik.detection.binary_copy import copy_integers
from otklik.detection.cell_tree import Ancestry, Cell, CellTree, IntArray
from otklik.detection.daily_counts import day_number
from otklik.detection.quasi_poisson import FloatArray

# Appeals of a source that gives no time of day came at midnight: of them nobody knows whether they came at once.
BATCHES_SQL: LiteralString = """
    COPY (
        SELECT coalesce(municipality_id, region_id), topic_id, local_at::date - date '1970-01-01',
            extract(hour FROM local_at)::integer, channel_id::integer, count(*)::integer
        FROM appeal
        JOIN territory AS region ON region.id = region_id
        CROSS JOIN LATERAL (SELECT received_at AT TIME ZONE region.timezone AS local_at) AS local
        WHERE received_at >= %(first)s::date - interval '1 day' AND local_at::date BETWEEN %(first)s AND %(last)s
            AND local_at::time <> '00:00'
        GROUP BY 1, 2, 3, 4, 5
    ) TO STDOUT (FORMAT binary)"""


class Batches(NamedTuple):
    """How many appeals of a topic each batch has: one element per place, topic and batch.

    A batch is what a place received through one channel within one hour of a local day. `day` is in days since 1970;
    elements with the same `batch` are of one batch.
    """

    place: IntArray
    topic: IntArray
    day: IntArray
    batch: IntArray
    received: IntArray

    def largest_in(self, tree: CellTree, cell: Cell, day: date, window_days: tuple[int, ...]) -> FloatArray:
        """How many appeals of a cell its largest batch has, in each of the windows that end with the day."""
        age = day_number(day) - self.day
        is_inside = (age >= 0) & (age < max(window_days))
        is_inside[is_inside] = _is_within(self.place[is_inside], cell[0], tree.territories)
        is_inside[is_inside] = _is_within(self.topic[is_inside], cell[1], tree.topics)
        age, batch, received = age[is_inside], self.batch[is_inside], self.received[is_inside]
        return np.array([_largest_sum(batch[age < days], received[age < days]) for days in window_days], dtype=float)


def no_batches() -> Batches:
    """Those of appeals of which nothing is known of when on their day they came."""
    return Batches(*(np.zeros(0, dtype=np.int64) for _field in Batches._fields))


def read_batches(connection: psycopg.Connection, first: date, last: date) -> Batches:
    """Those of the local days from the first to the last one."""
    params = {"first": first, "last": last}
    place, topic, day, hour, channel, received = copy_integers(connection, BATCHES_SQL, 6, params)
    _keys, batch = np.unique(np.column_stack([place, day, hour, channel]), axis=0, return_inverse=True)
    return Batches(place, topic, day, batch.ravel().astype(np.int64), received)


def _is_within(ids: IntArray, top: int, tree: Ancestry) -> NDArray[np.bool_]:
    below, position = np.unique(ids, return_inverse=True)
    is_below = np.array([top in tree.path(member) for member in below.tolist()], dtype=bool)
    return is_below[position.ravel()]


def _largest_sum(batch: IntArray, received: IntArray) -> int:
    if not len(batch):
        return 0
    _batches, position = np.unique(batch, return_inverse=True)
    return int(np.bincount(position.ravel(), received).max())
