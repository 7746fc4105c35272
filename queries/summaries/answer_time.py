"""Answer times (receipt to close) and their percentiles, from a histogram with buckets of growing width."""

from datetime import date
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Integer, Select, cast, func, literal_column, select

from otklik.database.cubes.cube_tables import BUCKETS_PER_ROW, cube_answer
from otklik.database.transactions import query_columns
from otklik.small_numbers import Z_95
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.cube_routing import is_covered_by_region_cubes, select_from_cube
from queries.core.facts import appeal_facts
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
    resolved = resolve(filters)
    query = _cells_query if is_covered_by_region_cubes(resolved) else _appeals_query
    columns = query_columns(query(resolved, filters.start, filters.end))
    first_buckets = np.array(columns.pop("bucket"), dtype=float)
    counts = np.array([list(values) for values in columns.values()], dtype=float).reshape(len(columns), -1)
    # A column of the cube has the buckets of one number in each row; NULL, for none, became NaN.
    bucket_numbers, appeals = (first_buckets + np.arange(len(columns))[:, None]).T.ravel(), counts.T.ravel()
    bucket_numbers, appeals = bucket_numbers[appeals > 0], appeals[appeals > 0]
    lower_days, upper_days = (
        (BUCKET_GROWTH**exponent - 1) / MINUTES_PER_DAY for exponent in (bucket_numbers, bucket_numbers + 1)
    )
    return AnswerTimeBuckets(lower_days, upper_days, appeals)


@cached_statement
def _cells_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per row of buckets, lowest first: the first bucket, and the appeals in it and in each after it."""
    columns = [f"appeals_{number}" for number in range(BUCKETS_PER_ROW)]
    cells = (
        select_from_cube(cube_answer, resolved, (), ("buckets", *columns))
        .where(cube_answer.c.day >= start, cube_answer.c.day < end)
        .subquery()
    )
    first_bucket = (cast(cells.c.buckets, Integer) * literal_column(str(BUCKETS_PER_ROW))).label("bucket")
    selected: list[Any] = [first_bucket, *(func.sum(cells.c[name]).label(name) for name in columns)]
    return select(*selected).group_by(cells.c.buckets).order_by(cells.c.buckets)


@cached_statement
def _appeals_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per bucket, lowest first: its number and the appeals in it, from the appeals themselves."""
    rows = appeal_facts(resolved, start, end, ("bucket", "closed")).subquery()
    total = func.sum(rows.c.closed).label("appeals")
    return (
        select(rows.c.bucket, total).where(rows.c.bucket.is_not(None)).group_by(rows.c.bucket).order_by(rows.c.bucket)
    )


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
