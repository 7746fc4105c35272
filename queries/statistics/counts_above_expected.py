"""Counts by cell and week against what the cell's own history and the season of its group lead to expect.

A cell is, say, a topic in a place, and its group all places with that topic. Pure functions over arrays.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc

from queries.statistics.false_discovery import false_discovery_rates

FloatArray = NDArray[np.float64]
# How many counts the even spread over time weighs as, against the season of the other cells of the group.
EVEN_WEIGHT = 20.0
# What a cell without any history had, in counts.
PRIOR_COUNT = 0.5
# How many blocks the dispersion of all groups weighs as, against that of the group.
COMMON_BLOCKS = 20
MIN_BLOCKS = 3
# Up to so many times the expected is no excess: dispersion is known from few blocks.
TOLERATED_RATIO = 1.2
# A past block this improbable is an earlier surge, and no history to compare with.
OUTLIER_PROBABILITY = 0.001


class CellCounts(NamedTuple):
    """A row per cell: `history` has its counts in past weeks, oldest first (NaN: not known), `window` the count now.

    `weeks` may have any common length; `window_weeks` is the length of the window in such weeks. `group` are numbers
    from 0 on: cells of a group share their season.
    """

    history: FloatArray
    window: FloatArray
    group: NDArray[np.int64]
    window_weeks: float


def excess_counts(counts: CellCounts) -> pd.DataFrame:
    """One row per cell, in their order: observed, expected, p and q (see queries.statistics.false_discovery).

    `p` is the probability of as many by chance, if 1.2 times the expected were usual. Expected is what the cell had,
    times how much more or less the other cells of its group have now. The count is negative binomial, with the
    dispersion that the cells of a group show between past blocks as long as the window, and the uncertainty of the
    cell's history and of the season besides (A. Noufaily and others, 2013, Statistics in Medicine 32, 1206-1222);
    blocks of earlier surges are left out.
    """
    known = ~np.isnan(counts.history)
    block_starts = _block_starts(counts.history.shape[1], counts.window_weeks)
    past = np.add.reduceat(np.where(known, counts.history, 0), block_starts, axis=1)
    lengths = np.add.reduceat(known.astype(float), block_starts, axis=1)
    season, now, season_variance = _seasons(past, lengths, counts)
    is_usual = lengths > 0
    dispersion = np.zeros(len(past))
    for _round in range(2):
        base = (past * is_usual).sum(axis=1) + PRIOR_COUNT
        rate = base / np.maximum((season * is_usual).sum(axis=1), 1e-12)
        expected_past = rate[:, None] * season
        dispersion = _dispersion(past, expected_past, is_usual, counts.group)
        variance = expected_past + expected_past**2 * dispersion[:, None]
        is_usual = (lengths > 0) & (_upper_tail(past, expected_past, variance) >= OUTLIER_PROBABILITY)
    base = (past * is_usual).sum(axis=1) + PRIOR_COUNT
    expected = base / np.maximum((season * is_usual).sum(axis=1), 1e-12) * now
    tolerated = TOLERATED_RATIO * expected
    variance = tolerated + tolerated**2 * (dispersion + 1 / base + season_variance)
    p_values = np.where(is_usual.any(axis=1), _upper_tail(counts.window, tolerated, variance), 1.0)
    return pd.DataFrame(
        {
            "observed": counts.window,
            "expected": expected,
            "p": p_values,
            "q": false_discovery_rates(p_values),
        }
    )


def _block_starts(week_count: int, window_weeks: float) -> NDArray[np.int64]:
    """Where blocks as long as the window begin; at least three of them, the first one takes what is left over."""
    length = max(1, min(round(window_weeks), week_count // MIN_BLOCKS))
    block_count = max(1, week_count // length)
    starts = week_count - length * np.arange(block_count, 0, -1)
    starts[0] = 0
    return starts


def _seasons(past: FloatArray, lengths: FloatArray, counts: CellCounts) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The weight of each past block and of the window by the other cells of the group, and its relative variance.

    The past weights of a cell sum to 1.
    """
    group_count = int(counts.group.max()) + 1
    group_past = np.zeros((group_count, past.shape[1]))
    np.add.at(group_past, counts.group, past)
    group_now = np.bincount(counts.group, counts.window, group_count)
    # What other cells had before a cell's own history begins is no history of it.
    others_past = (group_past[counts.group] - past) * (lengths > 0)
    others_now = group_now[counts.group] - counts.window
    weeks = lengths.sum(axis=1, keepdims=True)
    total = others_past.sum(axis=1, keepdims=True) + EVEN_WEIGHT
    season = (others_past + EVEN_WEIGHT * lengths / np.maximum(weeks, 1)) / total
    even_now = EVEN_WEIGHT * counts.window_weeks / np.maximum(weeks[:, 0], 1)
    now = (others_now + even_now) / total[:, 0]
    return season, now, 1 / (others_now + even_now) + 1 / total[:, 0]


def _dispersion(
    past: FloatArray, expected: FloatArray, is_usual: NDArray[np.bool_], group: NDArray[np.int64]
) -> FloatArray:
    """The variance between blocks beyond chance, over the squared mean, for the group of each cell (by moments)."""
    freedom = is_usual.sum(axis=1) / np.maximum(is_usual.sum(axis=1) - 1, 1)
    beyond_chance = (((past - expected) ** 2 * freedom[:, None] - expected) * is_usual).sum(axis=1)
    squares = (expected**2 * is_usual).sum(axis=1)
    common_squares = COMMON_BLOCKS * squares.sum() / max(is_usual.sum(), 1)
    common = beyond_chance.sum() / max(squares.sum(), 1e-12)
    by_group = (np.bincount(group, beyond_chance) + common_squares * common) / np.maximum(
        np.bincount(group, squares) + common_squares, 1e-12
    )
    dispersion: FloatArray = np.maximum(by_group, 0)[group]
    return dispersion


def _upper_tail(count: FloatArray, mean: FloatArray, variance: FloatArray) -> FloatArray:
    """The probability of at least `count`, negative binomial (nearly Poisson where the variance is the mean)."""
    mean = np.maximum(mean, 1e-9)
    size = mean**2 / np.maximum(variance - mean, 1e-6 * mean)
    tail: FloatArray = np.where(count > 0, betainc(np.maximum(count, 1e-9), size, mean / (size + mean)), 1.0)
    return tail
