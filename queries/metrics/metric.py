"""What a figure is, and an answer: a quotient of sums, with an interval where the cases are few."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

MIN_CASES = 30
# The 97.5th percentile of the normal distribution, for intervals of 95 %.
Z_95 = 1.959964

MeasureExpression = Callable[[Any], Any]


@dataclass(frozen=True)
class Metric:
    """`denominator` is None for counts; a share or mean is numerator ÷ denominator. Names are English messages."""

    id: str
    name: str
    explanation: str
    unit: Literal["count", "share", "days", "ratio", "rating"]
    better: Literal["up", "down"] | None
    numerator: MeasureExpression
    denominator: MeasureExpression | None = None
    target: float | None = None

    def __reduce__(self) -> tuple[Callable[[str], "Metric"], tuple[str]]:
        """A cached answer names its figure: the catalogue has it."""
        return _metric_by_id, (self.id,)

    def value(self, sums: Any) -> float | None:
        """The figure of a row of sums; None where there is nothing to divide by."""
        numerator = float(self.numerator(sums))
        if self.denominator is None:
            return numerator
        denominator = float(self.denominator(sums))
        return numerator / denominator if denominator else None

    def values(self, sums: Any) -> NDArray[Any]:
        """The figure of each row of sums, given as columns; NaN where there is nothing to divide by."""
        numerators = np.asarray(self.numerator(sums))
        if self.denominator is None:
            return numerators
        denominators = np.asarray(self.denominator(sums))
        missing = np.full(denominators.shape, np.nan)
        quotients: NDArray[Any] = np.divide(numerators, denominators, out=missing, where=denominators > 0)
        return quotients

    def cases(self, sums: Any) -> Any:
        """The cases behind the figure: its denominator, or the count itself."""
        return (self.denominator or self.numerator)(sums)

    def interval(self, sums: Any) -> tuple[float, float] | None:
        """The bounds of a share over few cases (fewer than 30), None for all others."""
        if self.unit != "share" or self.denominator is None:
            return None
        cases = float(self.denominator(sums))
        return wilson_interval(float(self.numerator(sums)), cases) if 0 < cases < MIN_CASES else None


@dataclass(frozen=True)
class MetricValue:
    """A figure of a period: its value, the two numbers behind it, the value compared with, and its days.

    `low` and `high` bound a share over few cases. `series` has a value a day: a count is the day's own, a share or
    mean runs from the period's start to that day and so ends at `value`.
    """

    metric: Metric
    value: float | None
    previous: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    series: list[float | None] = field(default_factory=list)


def wilson_interval(successes: float, cases: float) -> tuple[float, float]:
    """The score interval of a share at 95 % (E. B. Wilson, 1927, JASA 22, 209-212)."""
    share, weight = successes / cases, Z_95 * Z_95 / cases
    center = (share + weight / 2) / (1 + weight)
    half_width = Z_95 * sqrt(share * (1 - share) / cases + weight / (4 * cases)) / (1 + weight)
    return max(0.0, center - half_width), min(1.0, center + half_width)


def _metric_by_id(metric_id: str) -> Metric:
    from queries.metrics.catalogue import METRICS  # noqa: PLC0415 -- the catalogue is made of what stands here

    return METRICS[metric_id]
