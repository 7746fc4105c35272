"""Answer times (receipt to close) and their percentiles, from a histogram with buckets of growing width."""

from datetime import date
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from otklik.database.cubes.cube_tables import cube_answer
from otklik.database.transactions import query_columns
from otklik.small_numbers import Z_95
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.facts import count_cells
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.statistics.change_intervals import Estimate

# Bucket b begins at 1.05^b - 1 minutes: each bucket is 5 % wider than the one before.
BUCKET_GROWTH = 1.05
MINUTES_PER_DAY = 1440


class AnswerTimeBuckets(NamedTuple):
    """A histogram of answer times, fastest first: the bounds of each bucket in days, and the appeals in it."""

    lower_days: NDArray[np.float64]
    upper_days: NDArray[np.float64]
    appeals: NDArray[np.float64]


@live
def answer_time_buckets(filters: Filters) -> AnswerTimeBuckets:
    """The histogram of the answer times of appeals closed in the period."""
    bucket_counts = query_columns(_buckets_query(resolve(filters), filters.start, filters.end))
    bucket_numbers, appeals = (np.array(bucket_counts[name], dtype=float) for name in ("bucket", "appeals"))
    lower_days, upper_days = (
        (BUCKET_GROWTH**exponent - 1) / MINUTES_PER_DAY for exponent in (bucket_numbers, bucket_numbers + 1)
    )
    return AnswerTimeBuckets(lower_days, upper_days, appeals)


@cached_statement
def _buckets_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    cells = count_cells(cube_answer, resolved, start, end, "bucket", "closed").subquery()
    total = func.sum(cells.c.appeals).label("appeals")
    return select(cells.c.bucket, total).group_by(cells.c.bucket).order_by(cells.c.bucket)


def answer_time_percentile(histogram: AnswerTimeBuckets, share: float) -> float | None:
    """The time in days within which a share of the appeals was answered; None without appeals.

    Times are taken as evenly spread within a bucket, so the error is at most 5 % of the true time plus 3 seconds.
    """
    cumulative = histogram.appeals.cumsum()
    if not len(cumulative) or not cumulative[-1]:
        return None
    target_count = share * cumulative[-1]
    index = int(np.searchsorted(cumulative, target_count))
    count_below, lower_days = cumulative[index] - histogram.appeals[index], histogram.lower_days[index]
    return float(
        lower_days
        + (histogram.upper_days[index] - lower_days) * (target_count - count_below) / histogram.appeals[index]
    )


def answer_time_estimate(histogram: AnswerTimeBuckets, share: float) -> Estimate | None:
    """The percentile with its 95 % bounds, those of its rank; None without appeals. Days."""
    value, cases = answer_time_percentile(histogram, share), float(histogram.appeals.sum())
    if value is None:
        return None
    margin = Z_95 * sqrt(share * (1 - share) / cases)
    low, high = (answer_time_percentile(histogram, min(1.0, max(0.0, share + side * margin))) for side in (-1, 1))
    return Estimate(value, low or 0.0, value if high is None else high)
