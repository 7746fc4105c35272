"""Queries of the overview page: how the whole territory is doing."""

import pandas as pd

from otklik.small_numbers import MIN_CASES
from queries.cache.live import live
from queries.filters import Filters
from queries.metrics.metric import MetricValue
from queries.summaries.breakdown import breakdown
from queries.summaries.daily import daily_measures
from queries.summaries.metric_values import metric_values

KPI_IDS = (
    *("received", "resolved", "resolved_share", "on_time_rate"),
    *("open", "overdue", "satisfaction", "answer_median"),
)
RANKING_MEASURES = ("received", "due", "met")


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of `KPI_IDS`, in that order."""
    return metric_values(filters, KPI_IDS)


@live
def flow_by_day(filters: Filters) -> pd.DataFrame:
    """One row per day of the period up to today: day, received, closed, backlog (open at its end; now, for today).

    `recorded`: whether the backlog is as it stood that day, and not counted back from what is known now.
    """
    by_day = daily_measures(filters)
    columns = by_day[["received", "closed"]].assign(backlog=by_day["open"], recorded=by_day["recorded"] > 0)
    return columns.rename_axis("day").reset_index()


@live
def topic_ranking(filters: Filters, limit: int = 10) -> pd.DataFrame:
    """One row per topic a step below the chosen one, most received first.

    Columns: code, name, received, met, on_time_rate (NaN where nothing was due), due, small (fewer than 30 due).
    """
    return _rank_rows(breakdown(filters, "topic", measures=RANKING_MEASURES), limit)


@live
def territory_ranking(filters: Filters, limit: int = 100) -> pd.DataFrame:
    """One row per territory a step below the chosen one, most received first.

    Columns: code, name, received, met, on_time_rate (NaN where nothing was due), due, small (fewer than 30 due).
    """
    return _rank_rows(breakdown(filters, "territory", measures=RANKING_MEASURES), limit)


def _rank_rows(member_rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    ranked_rows: pd.DataFrame = member_rows[["code", "name", "received", "met", "on_time_rate", "due"]].assign(
        small=member_rows["due"] < MIN_CASES
    )
    return ranked_rows[ranked_rows["received"] + ranked_rows["due"] > 0].head(limit).reset_index(drop=True)
