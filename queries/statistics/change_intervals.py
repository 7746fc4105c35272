"""The 95 % interval of a change between two periods: of two estimates, of a stock, of a ratio over days."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.small_numbers import Z_95

Interval = tuple[float, float]
DAYS_A_WEEK = 7
MIN_DAYS = 5
"""Fewer days say too little about how much a metric varies from day to day."""


class Estimate(NamedTuple):
    """A value with its 95 % bounds."""

    value: float
    low: float
    high: float


class DailyVariance(NamedTuple):
    """The variance of single days, and the 97.5th percentile of Student's t for its degrees of freedom."""

    of_a_day: float
    t_95: float


def estimates_change_interval(later: Estimate, earlier: Estimate) -> Interval:
    """The 95 % interval of the difference of two independent estimates, from the bounds of each.

    G. Y. Zou and A. Donner (2008), Statistics in Medicine 27, 1693-1702.
    """
    difference = later.value - earlier.value
    return (
        difference - float(np.hypot(later.value - later.low, earlier.high - earlier.value)),
        difference + float(np.hypot(later.high - later.value, earlier.value - earlier.low)),
    )


def stock_change_interval(change: float, levels: NDArray[np.float64]) -> Interval | None:
    """`levels`: the stock at the end of each day. Steps are never taken to vary less than appeals that come singly."""
    steps = np.diff(levels)
    variance = _day_to_day_variance(steps)
    if variance is None:
        return None
    half_width = variance.t_95 * np.sqrt(len(levels) * max(variance.of_a_day, np.abs(steps).mean()))
    return float(change - half_width), float(change + half_width)


def ratio_change_interval(
    change: float, numerators: NDArray[np.float64], denominators: NDArray[np.float64], size_ratio: float
) -> Interval | None:
    """The bounds by the linearised variance of a ratio over days; the earlier period is taken to vary likewise.

    W. G. Cochran (1977), Sampling Techniques, section 6.3.
    """
    total = denominators.sum()
    variance = _day_to_day_variance(numerators - numerators.sum() / total * denominators) if total else None
    if variance is None:
        return None
    half_width = variance.t_95 * np.sqrt(len(denominators) * variance.of_a_day * (1 + size_ratio)) / total
    return float(change - half_width), float(change + half_width)


def _day_to_day_variance(days: NDArray[np.float64]) -> DailyVariance | None:
    """About the mean of each weekday where there are two weeks; None for few days.

    Weekdays that vary more than others leave fewer degrees of freedom: F. E. Satterthwaite (1946), Biometrics Bulletin
    2, 110-114.
    """
    if len(days) < MIN_DAYS:
        return None
    groups = DAYS_A_WEEK if len(days) >= 2 * DAYS_A_WEEK else 1
    weekdays = [days[start::groups] for start in range(groups)]
    variances = np.array([weekday.var(ddof=1) * len(weekday) for weekday in weekdays])
    total, spread = variances.sum(), (variances**2 / [len(weekday) - 1 for weekday in weekdays]).sum()
    return DailyVariance(float(total / len(days)), _t_95(float(total**2 / spread) if spread else len(days) - groups))


def _t_95(degrees: float) -> float:
    """The 97.5th percentile of Student's t, for 4 degrees of freedom to 2 % (Fisher's expansion in 1/degrees)."""
    z = Z_95
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
