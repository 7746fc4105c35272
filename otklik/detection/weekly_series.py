"""The series of all cells by weeks that end with a day, of which those are judged that have had enough lately."""

from datetime import date
from typing import NamedTuple

import numpy as np
from scipy import sparse

from otklik.detection.cell_tree import CellTree, IntArray, cells_above
from otklik.detection.daily_counts import DailyCounts, day_number
from otklik.detection.quasi_poisson import FloatArray

WEEK_DAYS = 7
RECENT_WEEKS = 4
MIN_RECENT = 5
"""Fewer in 28 days are no surge, however seldom there is any."""
MAX_WEEKS = 280
"""A little more than five years: older days aren't needed."""


class WeeklySeries(NamedTuple):
    """Some cells: both ids of each, its counts by week (a column per age in weeks, from the last week back).

    `known_weeks` has how many weeks ago its territory had its first appeal.
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
    return WeeklySeries(
        cells.territory[chosen],
        cells.topic[chosen],
        (containment[chosen] @ leaf_weeks).toarray(),
        _known_weeks(tree, known, day)[cells.territory[chosen]] if len(chosen) else np.zeros(0, dtype=np.int64),
    )


def _known_weeks(tree: CellTree, known: DailyCounts, day: date) -> IntArray:
    """By the id of a territory: the whole weeks since its first appeal."""
    first_days: dict[int, int] = {}
    places, position = np.unique(known.place, return_inverse=True)
    place_days = np.full(len(places), day_number(day) + 1)
    np.minimum.at(place_days, position.ravel(), known.day)
    for place, first_day in zip(places.tolist(), place_days.tolist(), strict=True):
        for territory in tree.territories.path(place):
            first_days[territory] = min(first_day, first_days.get(territory, first_day))
    weeks = np.zeros(max(first_days, default=0) + 1, dtype=np.int64)
    for territory, first_day in first_days.items():
        weeks[territory] = (day_number(day) + 1 - first_day) // WEEK_DAYS
    return weeks
