"""The share of the appeals received in a period that was resolved within 30 days, or the days set for a regime."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.cache.live import live
from queries.cache.timed import timed
from queries.closing_ages.counts import age_counts
from queries.core.local_days import DAY, running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.statistics.cumulative_incidence import cumulative_incidence, effective_cases
from queries.summaries.dimensions import ID_COLUMNS, Dimension, narrow_to_members, resolve_members, roll_up_topics

DEFAULT_DAYS = 30
ESTIMATES = ("resolved_estimate", "followed")
"""What the metric `resolved_share` is made of: its numerator and denominator.

The denominator is the number of appeals followed for all the days whose share would be as certain as the estimate.
"""


class ResolvedShare(NamedTuple):
    """The two `ESTIMATES` of a period, and the age in days by which the share is counted; None where none is over."""

    resolved_estimate: float
    followed: float
    days: int | None


@live
def resolved_share(filters: Filters) -> ResolvedShare:
    """The estimates of all appeals received in the period."""
    resolved = resolve(filters)
    estimates = resolved_estimates(resolved, filters)
    _, horizon = follow_up(resolved, filters)
    days = None if horizon < 0 else horizon
    resolved_estimate, followed = (float(estimates[name].sum()) for name in ESTIMATES)
    return ResolvedShare(resolved_estimate, followed, days)


@timed
def member_estimates(filters: Filters, dimension: Dimension, member_ids: tuple[int, ...] | None) -> pd.DataFrame:
    """One row per member of a dimension with appeals received, or of those named: `ESTIMATES`.

    As the last day that is over left them, so the appeals of today change nothing: computed every ten minutes.
    """
    resolved = resolve_members(filters, dimension)
    if member_ids is not None:
        resolved = narrow_to_members(resolved, dimension, member_ids)

    def roll_up(topic_ids: list[int]) -> list[int]:
        return roll_up_topics(topic_ids, dimension_members("topic", "en"), filters.topic)

    return resolved_estimates(resolved, filters, ID_COLUMNS[dimension], roll_up if dimension == "topic" else None)


def resolved_estimates(
    resolved: ResolvedFilters,
    filters: Filters,
    by: str | None = None,
    regroup: Callable[[list[int]], list[int]] | None = None,
) -> pd.DataFrame:
    """One row per value of the column `by` (a single row 0 without it) with appeals received: `ESTIMATES`.

    `regroup` gives the member that each value is counted with, for instance the topic above.
    """
    as_of, horizon = follow_up(resolved, filters)
    if horizon < 0 or filters.start >= filters.end:
        return pd.DataFrame({name: np.array([], dtype=float) for name in ESTIMATES}, index=pd.Index([], dtype="int64"))
    counts = age_counts(resolved, filters.start, filters.end, as_of, horizon, by)
    if regroup is not None:
        counts = counts.regrouped(regroup(counts.keys.tolist()))
    incidence = cumulative_incidence(counts)
    followed = effective_cases(counts, incidence)
    return pd.DataFrame(
        {"resolved_estimate": incidence.share[:, -1] * followed, "followed": followed}, index=pd.Index(counts.keys)
    )


def follow_up(resolved: ResolvedFilters, filters: Filters) -> tuple[date, int]:
    """The day at whose end appeals are looked at, and the age in days by which they are: negative where none is over.

    The day is the last that is over in every region shown, or `days_ago` days before. The age is that set for the
    regime, or that of the oldest appeals if they are younger.
    """
    as_of = running_day(resolved)[0] - DAY - timedelta(days=filters.days_ago)
    return as_of, min(resolution_days(filters), (as_of - filters.start).days)


def resolution_days(filters: Filters) -> int:
    """Within how many days appeals should be resolved: those set for the regime, or the longest of all regimes."""
    regimes = dimension_members("regime", "en")
    if filters.regime is not None:
        regimes = regimes[regimes["code"] == filters.regime]
    return int(regimes["resolution_days"].max()) if len(regimes) else DEFAULT_DAYS


def aligned_estimates(estimates: pd.DataFrame, ids: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """The columns of `resolved_estimates` for these ids, 0 for one without a row."""
    return {name: estimates[name].reindex(ids).fillna(0.0).to_numpy(float) for name in ESTIMATES}
