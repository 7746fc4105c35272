"""How applicants rate the answers: distribution, trend, comparison of members, and low ratings."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, literal_column, select

from otklik.database.measures import RATING_MEASURES
from otklik.database.tables import appeal, territory
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES, wilson_interval
from queries.cache.live import live
from queries.core.appeal_rows import format_appeal_rows, select_appeals
from queries.core.breakdown import Dimension, breakdown
from queries.core.conditions import cross_region_conditions, filter_conditions
from queries.core.daily import daily_measures
from queries.core.local_days import utc_bounds
from queries.core.metric_values import metric_values
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.core.totals import period_totals
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.metric import MetricValue
from queries.satisfaction.by_answer_time import CLASS_END_DAYS, answer_time_cells

KPI_IDS = ("satisfaction", "rating_mean", "rated", "low_share", "reopened_rate")
MAX_DAILY_POINTS = 45  # the trend of a longer period has a point per week
# A literal, as in the partial index: a generic plan can't match a bound value with it.
IS_LOW_RATING = appeal.c.rating <= literal_column("2")


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of `KPI_IDS`, in that order."""
    return metric_values(filters, KPI_IDS)


@live
def rating_distribution(filters: Filters) -> pd.DataFrame:
    """One row per rating 1..5: rating, appeals closed in the period with it, share of all ratings (NaN without any)."""
    sums = period_totals(filters)
    rows = pd.DataFrame({"rating": range(1, 6), "appeals": [sums[name] for name in RATING_MEASURES]})
    total = rows["appeals"].sum()
    return rows.assign(share=rows["appeals"] / total if total else float("nan"))


@live
def satisfaction_trend(filters: Filters) -> pd.DataFrame:
    """One row per day, or per week from Monday in a period of more than 45 days, in order.

    Columns: day (the first one) and those of `satisfaction_with_bounds`.
    """
    by_day = daily_measures(filters)
    if len(by_day) > MAX_DAILY_POINTS:
        mondays = [day - timedelta(days=day.weekday()) for day in by_day.index]
        by_day = by_day.groupby(pd.Index(mondays, name="day")).sum()
    return satisfaction_with_bounds(by_day).rename_axis("day").reset_index()


@live
def satisfaction_by(filters: Filters, kind: Dimension) -> pd.DataFrame:
    """One row per member with ratings: code, name, and the columns of `satisfaction_with_bounds`.

    The least satisfied first; small members after all others, those with most ratings first.
    """
    members = breakdown(filters, kind, rank_by="closed", measures=("closed", *RATING_MEASURES))
    rows = members[["code", "name"]].join(satisfaction_with_bounds(members))
    rows = rows[rows["rated"] > 0]
    sort_key = rows["satisfaction"].where(~rows["small"], 1 - rows["rated"])
    return rows.assign(order=sort_key).sort_values(["small", "order", "name"], ignore_index=True).drop(columns="order")


@live
def satisfaction_by_answer_time(filters: Filters) -> pd.DataFrame:
    """One row per class of answer time, shortest first: `satisfaction_with_bounds`, above and upto (days).

    `upto` is NaN for the last class.
    """
    rows = answer_time_cells(resolve(filters), filters.start, filters.end).subquery()
    rating_sums = [func.sum(rows.c[name]).label(name) for name in ("closed", *RATING_MEASURES)]
    time_classes = query_dataframe(select(rows.c.wait, *rating_sums).group_by(rows.c.wait)).set_index("wait")
    time_classes = time_classes.reindex(range(len(CLASS_END_DAYS) + 1), fill_value=0).astype("int64")
    return (
        satisfaction_with_bounds(time_classes)
        .assign(above=[0, *CLASS_END_DAYS], upto=[*CLASS_END_DAYS, float("nan")])
        .reset_index(drop=True)
    )


def satisfaction_with_bounds(rows: pd.DataFrame) -> pd.DataFrame:
    """For each row of sums: satisfaction, rated (ratings), coverage, low and high (Wilson, 95 %), small (below 30).

    NaN where the denominator is 0.
    """
    metric = PERIOD_METRICS["satisfaction"]
    rated, good = metric.cases(rows), metric.numerator(rows)
    pairs = [
        wilson_interval(good_count, cases) if cases else (float("nan"),) * 2
        for good_count, cases in zip(good, rated, strict=True)
    ]
    bounds = pd.DataFrame(pairs, columns=["low", "high"], index=rows.index)
    return pd.DataFrame(
        {
            "satisfaction": metric.values(rows),
            "rated": rated,
            "coverage": PERIOD_METRICS["coverage"].values(rows),
            **bounds,
            "small": rated < MIN_CASES,
        }
    )


@live
def low_rated_appeals(filters: Filters, limit: int = 50) -> pd.DataFrame:
    """One row per appeal rated 1 or 2 that was closed in the period, or is open again and was rated in it.

    Latest first, by the close or else the rating. Columns: number, rated_at and closed_at (local), rating, fate
    (`closed`: never re-opened, `again`: re-opened and closed again, `open`), topic, territory, organisation, channel,
    status.
    """
    resolved = resolve(filters)
    closed_query = _closed_low_rated_query(resolved, filters, limit)
    open_query = _open_low_rated_query(resolved, filters, limit)
    both = closed_query.union_all(open_query).subquery()
    rows = query_dataframe(
        select(both).order_by(func.coalesce(both.c.closed_at, both.c.rated_at).desc(), both.c.number).limit(limit)
    )
    return format_appeal_rows(rows, filters.language)


def _low_rated_query(outcome_column: ColumnElement[str]) -> Select[Any]:
    return select_appeals(appeal.c.rated_at, appeal.c.closed_at, appeal.c.rating, outcome_column.label("fate"))


def _closed_low_rated_query(resolved: ResolvedFilters, filters: Filters, limit: int) -> Select[Any]:
    """The last closed ones, by the index of low ratings, which is read from its end until there are enough."""
    since, until = utc_bounds(filters.start, filters.end)
    local_day = func.date(func.timezone(territory.c.timezone, appeal.c.closed_at))
    outcome_column = case((appeal.c.reopened > 0, cast("again", String)), else_="closed")
    return (
        _low_rated_query(outcome_column)
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(
            IS_LOW_RATING,
            appeal.c.closed_at >= since,
            appeal.c.closed_at < until,
            *cross_region_conditions(resolved, appeal),
        )
        .where(local_day >= filters.start, local_day < filters.end)
        .order_by(appeal.c.closed_at.desc())
        .limit(limit)
    )


def _open_low_rated_query(resolved: ResolvedFilters, filters: Filters, limit: int) -> Select[Any]:
    """Those that are open again, by the index of the queue."""
    local_day = func.date(func.timezone(territory.c.timezone, appeal.c.rated_at))
    return (
        _low_rated_query(literal("open"))
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(appeal.c.closed_at.is_(None), IS_LOW_RATING, *filter_conditions(resolved, appeal))
        .where(local_day >= filters.start, local_day < filters.end)
        .order_by(appeal.c.rated_at.desc())
        .limit(limit)
    )
