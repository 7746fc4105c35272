"""How appeals are resolved: how many, how fast and how well, by organisation, topic and channel."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from otklik.small_numbers import MIN_CASES
from queries.cache.live import live
from queries.core.lacking_fields import drop_unknown_deadlines, mark_unknown_deadlines
from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.metrics.catalogue import OLDEST_OPEN, PERCENTILE_METRICS, TIME_ALLOWED
from queries.metrics.metric import MetricValue
from queries.resolution.fast_track import fast_track_share
from queries.summaries.answer_time import answer_time_buckets
from queries.summaries.breakdown import breakdown
from queries.summaries.daily import daily_measures
from queries.summaries.dimensions import roll_up_topics
from queries.summaries.league_table import LEAGUE_MEASURES, league_rows
from queries.summaries.metric_values import metric_values
from queries.summaries.open_ages import open_durations

KPI_IDS = (
    *("received", "closed", "resolved", "resolved_share", "flow_ratio"),
    *("on_time_rate", "closed_on_time_rate", "reopened_rate", "redirect_rate"),
    *("answer_mean", "answer_median", "answer_p90"),
)
ORGANISATION_METRICS = (
    *("received", "open", "resolved", "resolved_share", "on_time_rate", "flow_ratio"),
    *("answer_mean", "reopened_rate", "redirect_rate", "satisfaction", "coverage"),
)
TOPIC_METRICS = (
    *("received", "open", "resolved_share", "on_time_rate", "closed_on_time_rate"),
    *("answer_mean", "reopened_rate", "rating_mean", "coverage"),
)
CHANNEL_METRICS = ("received", "resolved_share", "on_time_rate", "rating_mean", "coverage")
HISTOGRAM_DAYS = 30
MAX_ROWS = 100
MAX_POINTS = 300


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of `KPI_IDS`, in that order, and the share of the fast track."""
    return [*metric_values(filters, KPI_IDS), fast_track_share(filters)]


@live
def flow_by_day(filters: Filters) -> pd.DataFrame:
    """One row per day of the period up to today: day, received, closed, on_time (closed at or before the deadline).

    Without on_time where the source gives no deadlines.
    """
    rows = daily_measures(filters)[["received", "closed", "on_time"]].rename_axis("day").reset_index()
    return drop_unknown_deadlines(rows, "on_time", filters)


@live
def answer_time_histogram(filters: Filters) -> pd.DataFrame:
    """One row per day since receipt, 0..30: day, and the appeals closed in the period that were answered on it.

    The last row has all that took longer. A bucket of answer times across two days is divided between them, so counts
    aren't whole.
    """
    histogram = answer_time_buckets(filters)
    edges = np.append(np.arange(HISTOGRAM_DAYS + 1), np.inf)
    low, high = histogram.lower_days[:, None], histogram.upper_days[:, None]
    overlap = np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None) / (high - low)
    return pd.DataFrame({"day": edges[:-1].astype(int), "appeals": histogram.appeals @ overlap})


@live
def answer_time_percentiles(filters: Filters) -> tuple[float | None, ...]:
    """The median and the 90th percentile of the answer time, in days."""
    return tuple(metric_value.value for metric_value in metric_values(filters, PERCENTILE_METRICS))


@live
def by_organisation(filters: Filters, limit: int = MAX_ROWS) -> pd.DataFrame:
    """One row per organisation: code, name, `ORGANISATION_METRICS`, small.

    Order and small numbers: queries.summaries.league_table.league_rows.
    """
    return league_rows(
        breakdown(filters, "organisation", limit, measures=LEAGUE_MEASURES, with_resolved_share=True),
        ORGANISATION_METRICS,
    ).head(limit)


@live
def by_topic(filters: Filters) -> pd.DataFrame:
    """One row per topic a step below the chosen one: code, name, `TOPIC_METRICS`, time_allowed, oldest_open, small.

    Order and small numbers: queries.summaries.league_table.league_rows.
    """
    rows = breakdown(filters, "topic", measures=LEAGUE_MEASURES, with_resolved_share=True)
    durations = open_durations(filters, "topic_id")
    positions = rows.index.get_indexer(
        pd.Index(roll_up_topics(durations.index, dimension_members("topic", filters.language), filters.topic))
    )
    # A topic whose first appeal came between the two queries has position -1: the last element, which is dropped.
    oldest_days, allowed_days, with_deadline = np.full(len(rows) + 1, np.nan), *np.zeros((2, len(rows) + 1))
    np.fmax.at(oldest_days, positions, durations["oldest_days"])
    np.add.at(allowed_days, positions, durations["allowed_days"])
    np.add.at(with_deadline, positions, durations["with_deadline"])
    duration_sums = SimpleNamespace(oldest_days=oldest_days, allowed_days=allowed_days, with_deadline=with_deadline)
    duration_metrics = {metric.id: metric.values(duration_sums)[:-1] for metric in (TIME_ALLOWED, OLDEST_OPEN)}
    return league_rows(rows.assign(**duration_metrics), (*TOPIC_METRICS, *duration_metrics))


@live
def by_channel(filters: Filters) -> pd.DataFrame:
    """One row per channel: code, name, `CHANNEL_METRICS`, small.

    Order and small numbers: queries.summaries.league_table.league_rows.
    """
    channels = breakdown(filters, "channel", measures=LEAGUE_MEASURES, with_resolved_share=True)
    return league_rows(channels, CHANNEL_METRICS)


@live
def workload_by_organisation(filters: Filters) -> pd.DataFrame:
    """One row per organisation with open appeals, most open first, at most 300.

    Columns: code, name, open, overdue, overdue_share, small (fewer than 30 open). None where the source gives no
    deadlines, which `attrs["lacks_deadlines"]` says.
    """
    members = breakdown(filters, "organisation", MAX_POINTS, "open", ("open", "overdue"))
    members = members.iloc[: min(MAX_POINTS, int((members["open"] > 0).sum()))]
    values = {name: members[name].array for name in ("code", "name", "open", "overdue", "overdue_share")}
    rows = pd.DataFrame({**values, "small": (members["open"] < MIN_CASES).array})
    if "overdue" not in drop_unknown_deadlines(rows, "overdue", filters):
        rows = rows.iloc[:0]
    return mark_unknown_deadlines(rows, filters)
