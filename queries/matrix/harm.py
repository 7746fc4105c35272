"""How much worse each cell is than expected: four ratios of observed to expected, and one index of them.

Volume: expected is what the topic would have in the territory if it had the same share of all appeals there as in all
territories shown (its row's total times its column's total, over the total of all). Late, returned, badly rated: of the
cell's own cases, what there would be at the topic's share over all territories shown. All is computed from what the
viewer may see alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from otklik.small_numbers import MIN_CASES, Z_95
from queries.metrics.catalogue import METRICS
from queries.metrics.unknown import unknown_field
from queries.statistics.count_shrinkage import shrunk_count_ratios

Part = Literal["volume", "late", "returned", "low_rated"]
Array = NDArray[np.float64]
SHARE_METRICS: dict[Part, str] = {"late": "breach_rate", "returned": "reopened_rate", "low_rated": "low_share"}
"""The parts that are shares, with their metrics; volume is a count."""
# Of a share near 1, chance leaves hardly any variance; other things do.
MIN_DISPERSION = 0.1
PARTS: tuple[Part, ...] = ("volume", *SHARE_METRICS)


@dataclass(frozen=True)
class Ratios:
    """One part of the harm, as arrays by row and column; NaN where it is unknown.

    `cases`: what the observed are of; of volume, the larger of observed and expected. `ratio`: shrunk towards 1, with
    `low` and `high`, its 95 % bounds. `side`: 1 where it is above 1 and -1 where it is below, beyond chance and over at
    least 30 cases; else 0.
    """

    cases: Array
    observed: Array
    expected: Array
    ratio: Array
    low: Array
    high: Array

    @property
    def side(self) -> Array:
        """On which side of 1 the ratio surely is."""
        return sure_side(self.low, self.high, self.cases)


def sure_side(low: Array, high: Array, cases: Array) -> Array:
    """1 where both bounds are above 1, -1 where both are below, 0 where neither or over too few cases."""
    side: Array = np.where(low > 1, 1.0, np.where(high < 1, -1.0, 0.0)) * (cases >= MIN_CASES)
    return side


def expected_counts(received: Array) -> Array:
    """What each cell would have if its topic had the same share of all appeals in every territory.

    The last two axes are rows and columns.
    """
    rows, columns = received.sum(axis=-1, keepdims=True), received.sum(axis=-2, keepdims=True)
    total = received.sum(axis=(-2, -1), keepdims=True)
    expected: Array = rows * columns / np.where(total > 0, total, 1)
    return expected


def expected_bad_cases(bad: Array, cases: Array) -> Array:
    """The bad cases that each cell would have at the share of its topic over all territories; the axes as above."""
    topic_cases = cases.sum(axis=-1, keepdims=True)
    share = bad.sum(axis=-1, keepdims=True) / np.where(topic_cases > 0, topic_cases, 1)
    expected: Array = cases * share
    return expected


def volume_ratios(received: Array) -> Ratios:
    """Appeals received against those expected."""
    expected = expected_counts(received)
    shrunk = shrunk_count_ratios(received.ravel(), expected.ravel())
    ratio, low, high = (values.reshape(received.shape) for values in shrunk)
    return Ratios(np.maximum(received, expected), received, expected, ratio, low, high)


def share_ratios(bad: Array, cases: Array) -> Ratios:
    """Bad cases against those expected; unknown where there are no cases, or where the topic has none that are bad."""
    expected = expected_bad_cases(bad, cases)
    share = np.divide(expected, cases, out=np.zeros_like(expected), where=cases > 0)
    expected = np.where(share > 0, expected, np.nan)
    dispersion = np.maximum(1 - share, MIN_DISPERSION)
    shrunk = shrunk_count_ratios(bad.ravel(), np.nan_to_num(expected.ravel()), dispersion.ravel())
    ratio, low, high = (values.reshape(cases.shape) for values in shrunk)
    return Ratios(cases, bad, expected, ratio, low, high)


def harm_parts(counts: SimpleNamespace, lacking: list[frozenset[str]]) -> dict[Part, Ratios]:
    """The four parts. `counts`: queries.matrix.counts.period_counts. `lacking`: the fields that each column lacks.

    A column whose source gives no deadlines, say, neither has late appeals nor lowers what others are compared with.
    """
    parts: dict[Part, Ratios] = {"volume": volume_ratios(counts.received)}
    column_sums = {name: array.sum(axis=0) for name, array in vars(counts).items()}
    for part, metric_id in SHARE_METRICS.items():
        metric = METRICS[metric_id]
        is_known = np.array(
            [
                unknown_field(metric, fields, {name: sums[column] for name, sums in column_sums.items()}) is None
                for column, fields in enumerate(lacking)
            ],
            dtype=bool,
        )
        cases, bad = np.asarray(metric.cases(counts)), np.asarray(metric.numerator(counts))
        parts[part] = share_ratios(bad * is_known, cases * is_known)
    return parts


def harm_index(parts: Mapping[Part, Ratios]) -> tuple[Array, Array, Array, Array]:
    """The geometric mean of the ratios that are known, its 95 % bounds, and how many are known; by row and column.

    The bounds take the parts for independent, and each for log-normal.
    """
    with np.errstate(invalid="ignore"):
        logs = np.log([part.ratio for part in parts.values()])
        deviations = np.log([part.high / part.low for part in parts.values()]) / (2 * Z_95)
    known = (~np.isnan(logs)).sum(axis=0).astype(float)
    divisor = np.where(known > 0, known, np.nan)
    mean = np.nansum(logs, axis=0) / divisor
    deviation = np.sqrt(np.nansum(deviations**2, axis=0)) / divisor
    return np.exp(mean), np.exp(mean - Z_95 * deviation), np.exp(mean + Z_95 * deviation), known
