"""The share of appeals resolved by an age, with those closed otherwise and those still open counted right.

The estimate is that of O. O. Aalen and S. Johansen (1978, Scandinavian Journal of Statistics 5, 141-150): an appeal
closed with another outcome can't be resolved any more, and one that is still open counts up to its age. Its variance is
that of G. E. Dinse and M. G. Larson (1986, Biometrika 73, 379-386).
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

CountArray = NDArray[np.float64]


@dataclass(frozen=True)
class AgeCounts:
    """Counts by member (`keys`, one for each row) and age 0..horizon (columns).

    `resolved` and `other` were closed at that age with that outcome; `censored` were still open and no older.
    `received` has all appeals of each member, those that became older than the horizon too.
    """

    keys: NDArray[np.int64]
    received: CountArray
    resolved: CountArray
    other: CountArray
    censored: CountArray

    def regrouped(self, keys: list[int]) -> Self:
        """The counts summed by other keys, one for each row."""
        unique_keys, positions = np.unique(np.array(keys, dtype=np.int64), return_inverse=True)

        def sum_rows(counts: CountArray) -> CountArray:
            totals = np.zeros((len(unique_keys), *counts.shape[1:]))
            np.add.at(totals, positions, counts)
            return totals

        return replace(
            self,
            keys=unique_keys,
            **{name: sum_rows(getattr(self, name)) for name in ("received", "resolved", "other", "censored")},
        )


class Incidence(NamedTuple):
    """The share resolved by each age (columns) of each member (rows), and the variance of that estimate."""

    share: CountArray
    variance: CountArray


def cumulative_incidence(counts: AgeCounts) -> Incidence:
    """The Aalen-Johansen estimate for every member and age of the counts."""
    closed = counts.resolved + counts.other
    departed = np.cumsum(closed + counts.censored, axis=1)
    at_risk = counts.received[:, None] - np.pad(departed, ((0, 0), (1, 0)))[:, :-1]
    open_before = np.pad(np.cumprod(1 - _divide(closed, at_risk), axis=1), ((0, 0), (1, 0)), constant_values=1)[:, :-1]
    open_per_risk = _divide(open_before, at_risk)
    share = np.cumsum(open_per_risk * counts.resolved, axis=1)
    # Sums over ages of (share - share at that age)^2 x a + b - 2 x (share - share at that age) x c.
    a = _divide(closed, at_risk * (at_risk - closed))
    b = np.cumsum(open_per_risk**2 * _divide((at_risk - counts.resolved) * counts.resolved, at_risk), axis=1)
    c = open_per_risk * _divide(counts.resolved, at_risk)
    variance = share**2 * np.cumsum(a, axis=1) - 2 * share * np.cumsum(share * a, axis=1)
    variance += np.cumsum(share**2 * a, axis=1) + b
    variance -= 2 * (share * np.cumsum(c, axis=1) - np.cumsum(share * c, axis=1))
    return Incidence(share, np.maximum(variance, 0))


def effective_cases(counts: AgeCounts, incidence: Incidence) -> CountArray:
    """For each member, of how many appeals followed to the last age a share would be as certain as the estimate.

    Where nothing or everything was resolved: how many were followed to the last age or closed before. At least 1.
    """
    share, variance = incidence.share[:, -1], incidence.variance[:, -1]
    followed = counts.received - counts.censored.sum(axis=1)
    is_certain = (share <= 0) | (share >= 1) | (variance <= 0)
    cases = np.where(is_certain, followed, _divide(share * (1 - share), variance))
    return np.clip(np.round(cases), 1, counts.received)


def _divide(dividend: CountArray, divisor: CountArray) -> CountArray:
    """The quotient, 0 where the divisor isn't above 0."""
    quotient: CountArray = np.divide(dividend, divisor, out=np.zeros_like(dividend, dtype=float), where=divisor > 0)
    return quotient
