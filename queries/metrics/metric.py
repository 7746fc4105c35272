"""What a metric is, and its value over a period."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from otklik.small_numbers import MIN_CASES, wilson_interval
from queries.metrics.targets import metric_targets

MeasureExpression = Callable[[Any], Any]


@dataclass(frozen=True)
class Metric:
    """A named quotient of sums of measures, with one definition, unit and good direction.

    `numerator` and `denominator` take whatever has the measures as attributes: columns of SQL, a row of sums or arrays.
    `denominator` is None for counts; a share or mean is numerator ÷ denominator. `name` and `explanation` are English
    messages, to be translated where they are shown. `needs`: fields of appeals without which it can't be known, as
    otklik.intake.lacking_fields names them. `better` is the direction of improvement, None where there is none.
    `chance`: of a share, what it would be without any cause. Its value is the excess over that: 0 where the share is
    that of chance, 1 where it is 1, negative below.
    """

    id: str
    name: str
    explanation: str
    unit: Literal["count", "share", "days", "ratio", "rating"]
    better: Literal["up", "down"] | None
    numerator: MeasureExpression
    denominator: MeasureExpression | None = None
    needs: tuple[str, ...] = ()
    chance: float = 0

    @property
    def target(self) -> float | None:
        """What the value should reach, as it is set; None without a target. Raises InvalidSetting."""
        return metric_targets().get(self.id)

    def __reduce__(self) -> tuple[Callable[[str], "Metric"], tuple[str]]:
        """Pickle a metric by its id: lambdas can't be pickled, and the catalogue has them."""
        return _metric_by_id, (self.id,)

    def value(self, sums: Any) -> float | None:
        """The value for one row of sums; None where the denominator is 0."""
        numerator = float(self.numerator(sums))
        if self.denominator is None:
            return numerator
        denominator = float(self.denominator(sums))
        return self._beyond_chance(numerator / denominator) if denominator else None

    def values(self, sums: Any) -> NDArray[Any]:
        """The value for each row of sums, given as columns; NaN where the denominator is 0."""
        numerators = np.asarray(self.numerator(sums))
        if self.denominator is None:
            return numerators
        denominators = np.asarray(self.denominator(sums))
        missing = np.full(denominators.shape, np.nan)
        quotients: NDArray[Any] = np.divide(numerators, denominators, out=missing, where=denominators > 0)
        return self._beyond_chance(quotients) if self.chance else quotients

    def _beyond_chance(self, share: Any) -> Any:
        return (share - self.chance) / (1 - self.chance) if self.chance else share

    def cases(self, sums: Any) -> Any:
        """The number of cases behind the value: the denominator, or the count itself."""
        return (self.denominator or self.numerator)(sums)

    def interval(self, sums: Any) -> tuple[float, float] | None:
        """The 95 % bounds of a share over fewer than 30 cases; None for everything else."""
        if self.unit != "share" or self.denominator is None:
            return None
        cases = float(self.denominator(sums))
        if not 0 < cases < MIN_CASES:
            return None
        low, high = wilson_interval(float(self.numerator(sums)), cases)
        return self._beyond_chance(low), self._beyond_chance(high)


@dataclass(frozen=True)
class MetricValue:
    """The value of a metric over a period, the numbers behind it, the value in the comparison period, and its days.

    `change_interval` has the 95 % bounds of `value` - `previous`; None where there is no matter of better or worse, or
    too little to know them.
    `low` and `high` bound a share over fewer than 30 cases. `coverage` is the share of closed appeals that were rated,
    given for metrics of ratings. `series` has one value per day: the day's own for a count; for a share or mean the
    value from the period's start through that day, so that the last one is `value`. `unknown`: the field that a source
    lacks, for want of which there is no value. `days`: the age by which a share at equal age is counted. `by_now`: the
    same share whatever the age. `working_days`: of a count, the working days of the period and of the comparison period
    where they differ.
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
    unknown: str | None = None
    change_interval: tuple[float, float] | None = None
    days: int | None = None
    by_now: float | None = None
    working_days: tuple[int, int] | None = None


def _metric_by_id(metric_id: str) -> Metric:
    from queries.metrics.catalogue import METRICS  # noqa: PLC0415 -- the catalogue imports this module

    return METRICS[metric_id]
