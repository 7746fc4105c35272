"""How applicants rate the answers: distribution, trend, comparison of members, and low ratings."""

from datetime import timedelta

import pandas as pd
from sqlalchemy import func, select

from otklik.database.cubes.measures import RATING_MEASURES
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES, wilson_interval
from queries.cache.live import live
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.metric import MetricValue
from queries.satisfaction.by_answer_time import CLASS_END_DAYS, CLASS_MEASURES, answer_time_cells
from queries.summaries.breakdown import breakdown
from queries.summaries.daily import daily_measures
from queries.summaries.dimensions import Dimension
from queries.summaries.metric_values import metric_values
from queries.summaries.totals import period_totals

KPI_IDS = ("satisfaction", "rating_mean", "rated", "low_share", "reopened_rate")
MAX_DAILY_POINTS = 45  # the trend of a longer period has a point per week


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of `KPI_IDS`, in that order."""
    return metric_values(filters, KPI_IDS)


@live
def rating_distribution(filters: Filters) -> pd.DataFrame:
    """One row per rating 1..5: rating, appeals (how many gave it in the period), share of all (NaN without any)."""
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
    members = breakdown(filters, kind, rank_by="closed", measures=("closed", "closed_rated", *RATING_MEASURES))
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
    rating_sums = [func.sum(rows.c[name]).label(name) for name in CLASS_MEASURES]
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
