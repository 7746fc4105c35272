"""The series of all cells by weeks that end with a day, of which those are judged that have had enough lately."""

from datetime import date
from typing import NamedTuple

import numpy as np
from scipy import sparse

from otklik.detection.cell_tree import Ancestry, CellTree, IntArray, cells_above
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.daily_counts import DailyCounts, day_number

WEEK_DAYS = 7
RECENT_WEEKS = 4
MIN_RECENT = 5
"""Fewer in 28 days are no surge, however seldom there is any."""
MAX_WEEKS = 280
"""A little more than five years: older days aren't needed."""


class WeeklySeries(NamedTuple):
    """Some cells: both ids of each, its counts by week (a column per age in weeks, from the last week back).

    `known_weeks` has how many weeks ago its territory had its first appeal, or the country the first one on its topic,
    whichever is later: a topic that is new to the catalogue isn't one that nobody ever had to complain about.
    """

    territory: IntArray
    topic: IntArray
    counts: FloatArray
    known_weeks: IntArray


def weekly_series(tree: CellTree, daily: DailyCounts, day: date) -> WeeklySeries:
    """The cells with at least 5 in the last 28 days, and so the whole country's cells of their topics."""
    known = daily.until(day)
    age = (day_number(day) - known.day) // WEEK_DAYS
    is_near = age < MAX_WEEKS
    leaf_ids, leaf = np.unique(np.column_stack([known.place, known.topic])[is_near], axis=0, return_inverse=True)
    weeks = int(age[is_near].max(initial=0)) + 1
    leaf_weeks = sparse.csr_matrix(
        (known.received[is_near].astype(float), (leaf.ravel(), age[is_near])), shape=(len(leaf_ids), weeks)
    )
    cells = cells_above(tree, leaf_ids[:, 0], leaf_ids[:, 1])
    containment = sparse.csr_matrix(
        (np.ones(len(cells.pair_cell)), (cells.pair_cell, cells.pair_leaf)),
        shape=(len(cells.territory), len(leaf_ids)),
    )
    recent = containment @ np.asarray(leaf_weeks[:, :RECENT_WEEKS].sum(axis=1)).ravel()
    chosen = np.flatnonzero(recent >= MIN_RECENT)
    territory, topic = cells.territory[chosen], cells.topic[chosen]
    territory_weeks = _known_weeks(known, day, known.place, tree.territories)
    topic_weeks = _known_weeks(known, day, known.topic, tree.topics)
    return WeeklySeries(
        territory,
        topic,
        (containment[chosen] @ leaf_weeks).toarray(),
        np.minimum(territory_weeks[territory], topic_weeks[topic]),
    )


def _known_weeks(known: DailyCounts, day: date, members: IntArray, tree: Ancestry) -> IntArray:
    """By the id of a territory or topic: the whole weeks since its first appeal. `members`: those of the counts."""
    first_days: dict[int, int] = {}
    lowest, position = np.unique(members, return_inverse=True)
    lowest_days = np.full(len(lowest), day_number(day) + 1)
    np.minimum.at(lowest_days, position.ravel(), known.day)
    for member, first_day in zip(lowest.tolist(), lowest_days.tolist(), strict=True):
        for above in tree.path(member):
            first_days[above] = min(first_day, first_days.get(above, first_day))
    weeks = np.zeros(max(first_days, default=0) + 1, dtype=np.int64)
    for member, first_day in first_days.items():
        weeks[member] = (day_number(day) + 1 - first_day) // WEEK_DAYS
    return weeks
