"""Votes weighted so that the voters are as many of each territory, age and sex as live there (raking).

W. E. Deming and F. F. Stephan (1940), Annals of Mathematical Statistics 11, 427-444. Weights above a bound are cut to
it and all raked again, as for the American National Election Studies: M. DeBell and J. A. Krosnick (2009), "Computing
Weights for American National Election Study Survey Data". The effective sample size is that of L. Kish (1965).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from otklik.small_numbers import wilson_interval

FloatArray = npt.NDArray[np.float64]
MAX_WEIGHT = 5.0
"""No vote counts as more than so many of mean weight: a single old man in a town doesn't speak for all of them."""
TOLERANCE = 1e-10
MAX_CYCLES, MAX_CUTS = 1000, 50


class Weights(NamedTuple):
    """`by_cell`: the weight of each vote of a cell, on average 1 over all votes; `effective`: Kish's sample size."""

    by_cell: FloatArray
    effective: float


class Estimate(NamedTuple):
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float


def rake(counts: FloatArray, targets: Sequence[FloatArray]) -> FloatArray:
    """The table whose sums along each axis are the targets, of all such the one closest to `counts`; empty cells stay.

    `targets`: for each axis the sum of each of its members, 0 where there is no count. All have the same total.
    """
    table = counts.astype(np.float64)
    for _cycle in range(MAX_CYCLES):
        largest_step = 0.0
        for axis, target in enumerate(targets):
            sums = table.sum(axis=tuple(other for other in range(table.ndim) if other != axis))
            factors = np.divide(target, sums, out=np.ones_like(sums), where=sums > 0)
            largest_step = max(largest_step, float(np.abs(factors - 1).max(initial=0)))
            table *= factors.reshape([-1 if other == axis else 1 for other in range(table.ndim)])
        if largest_step < TOLERANCE:
            break
    return table


def raked_weights(counts: FloatArray, population: Sequence[FloatArray], max_weight: float = MAX_WEIGHT) -> Weights:
    """Weights of the votes of each cell, none above `max_weight`.

    `population`: for each axis, how many people live there of each of its members; NaN of members that are unknown,
    which keep the share that they have of the votes. Members without a vote are left out, and nobody speaks for them.
    """
    total = counts.sum()
    targets = [_target(counts, axis, people) for axis, people in enumerate(population)]
    weights = np.ones_like(counts)
    for _cut in range(MAX_CUTS):
        table = rake(counts * weights, targets)
        weights = np.divide(table, counts, out=np.zeros_like(table), where=counts > 0)
        weights *= total / (counts * weights).sum()
        if weights.max(initial=0) <= max_weight * (1 + TOLERANCE):
            break
        weights = np.minimum(weights, max_weight)
    # Where no such weights have the sums, these are as near as the bound lets them be.
    for _cut in range(MAX_CUTS):
        weights = np.minimum(weights * total / (counts * weights).sum(), max_weight)
    return Weights(weights, float(total**2 / (counts * weights**2).sum()))


def weighted_share(chosen: FloatArray, counts: FloatArray, weights: Weights) -> float:
    """The share of those who chose an option, by the weights."""
    return float((chosen * weights.by_cell).sum() / (counts * weights.by_cell).sum())


def estimate(share: float, effective: float, unit: float) -> Estimate:
    """The interval of a share that was rounded to `unit`, which makes it wider."""
    low, high = wilson_interval(share * effective, effective)
    return Estimate(share, max(low - unit / 2, 0.0), min(high + unit / 2, 1.0))


def _target(counts: FloatArray, axis: int, people: FloatArray) -> FloatArray:
    """What each member of an axis shall have of all votes."""
    votes = counts.sum(axis=tuple(other for other in range(counts.ndim) if other != axis))
    is_known = ~np.isnan(people) & (votes > 0)
    known_people = np.where(is_known, people, 0.0)
    target: FloatArray = np.where(votes > 0, votes, 0.0)
    if known_people.sum() > 0:
        target[is_known] = known_people[is_known] / known_people.sum() * votes[is_known].sum()
    return target
