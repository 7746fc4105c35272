"""Open appeals now, counted by stage, age, topic, holder, channel and deadline state."""

import pandas as pd
from sqlalchemy import func, select

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.appeal_state import DEADLINE_STATES
from queries.core.conditions import filter_conditions
from queries.core.lacking_fields import drop_unknown_deadlines
from queries.core.local_days import through_running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.counts.open_facts import open_count_cells
from queries.counts.state_sums import STATE_MEASURES
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.metrics.metric import MetricValue
from queries.summaries.breakdown import breakdown
from queries.summaries.daily import daily_measures
from queries.summaries.dimensions import roll_up_topics
from queries.summaries.metric_values import metric_values
from queries.summaries.open_ages import oldest_open, open_by_age_band

KPI_IDS = ("open", "overdue", "at_risk", "within", "overdue_share")
MAX_ROWS = 200
# The columns of a row that come from its stage, by the stage's own columns.
STAGE_COLUMNS = {"position": "position", "stage": "name", "code": "code"}


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """Open, overdue, at risk, within time and the overdue share, now and before the period; the age of the oldest."""
    return [*metric_values(through_running_day(filters), KPI_IDS), oldest_open(filters)]


@live
def open_by_stage_and_age(filters: Filters) -> pd.DataFrame:
    """One row per stage and age band, in the order of stages, then bands: position, stage (name), code, band, appeals.

    `band` is a position in queries.summaries.open_ages.AGE_BANDS.
    """
    rows = open_by_age_band(filters)
    status_names, stage_names = (
        dimension_members("status", filters.language),
        dimension_members("stage", filters.language),
    )
    stage_ids = rows["status_id"].map(status_names["stage_id"])
    rows = rows.assign(
        **{name: stage_ids.map(stage_names[source_column]) for name, source_column in STAGE_COLUMNS.items()}
    )
    return rows.groupby([*STAGE_COLUMNS, "band"])["appeals"].sum().reset_index()


@live
def open_by_topic_and_stage(filters: Filters, limit: int = 12) -> pd.DataFrame:
    """One row per topic (a step below the chosen one) and stage: place, topic (code), name, `STAGE_COLUMNS`, appeals.

    The topic with most open appeals first. Topics after the first `limit` are summed up in one, without code and name.
    """
    cells = open_count_cells(resolve(filters), "topic_id", "status_id").subquery()
    keys = (cells.c.topic_id, cells.c.status_id)
    appeal_count = func.sum(cells.c.appeals).label("appeals")
    rows = query_dataframe(select(*keys, appeal_count).group_by(*keys).having(appeal_count > 0)).astype("int64")
    topic_names, status_names = (
        dimension_members("topic", filters.language),
        dimension_members("status", filters.language),
    )
    stage_names = dimension_members("stage", filters.language)
    stage_ids = rows["status_id"].map(status_names["stage_id"])
    rows = rows.assign(
        topic_id=roll_up_topics(rows["topic_id"], topic_names, filters.topic),
        **{name: stage_ids.map(stage_names[source_column]) for name, source_column in STAGE_COLUMNS.items()},
    )
    topic_totals = rows.groupby("topic_id")["appeals"].sum().sort_values(ascending=False)
    rank = pd.Series(range(len(topic_totals)), topic_totals.index).clip(upper=limit)
    rows = rows.assign(place=rows["topic_id"].map(rank))
    for column, source_column in {"topic": "code", "name": "name"}.items():
        rows[column] = rows["topic_id"].map(topic_names[source_column]).where(rows["place"] < limit, None)
    return rows.groupby(["place", "topic", "name", *STAGE_COLUMNS], dropna=False)["appeals"].sum().reset_index()


@live
def open_by_organisation(filters: Filters, limit: int = 12) -> pd.DataFrame:
    """One row per organisation: code, name, open, within, at_risk, overdue, overdue_share; most open first."""
    return _largest_open(breakdown(filters.without_period(), "organisation", limit, "open", STATE_MEASURES), limit)


@live
def open_by_channel(filters: Filters) -> pd.DataFrame:
    """One row per channel: code, name, open, within, at_risk, overdue, overdue_share; most open first."""
    return _largest_open(breakdown(filters.without_period(), "channel", None, "open", STATE_MEASURES), MAX_ROWS)


def _largest_open(rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    largest = rows[rows["open"] > 0].nlargest(limit, "open", keep="first")
    return largest[["code", "name", "open", *DEADLINE_STATES, "overdue_share"]].reset_index(drop=True)


@live
def backlog_by_day(filters: Filters) -> pd.DataFrame:
    """One row per day of the period up to today: day, and open and overdue at its end (now, for today).

    Without overdue where the source gives no deadlines.
    """
    rows = daily_measures(filters)[["open", "overdue"]].rename_axis("day").reset_index()
    return drop_unknown_deadlines(rows, "overdue", filters)


@live
def open_appeals_with_location(filters: Filters) -> pd.DataFrame:
    """Open appeals that have a point on the map, newest first, at most 200.

    Columns: number, received_at, deadline_at (local), lon, lat, topic, territory, organisation, channel, status.
    """
    rows = query_dataframe(
        select_appeals(appeal.c.received_at, appeal.c.deadline_at, appeal.c.lon, appeal.c.lat)
        .where(appeal.c.closed_at.is_(None), appeal.c.lon.is_not(None), *filter_conditions(resolve(filters), appeal))
        .order_by(appeal.c.received_at.desc(), appeal.c.id.desc())
        .limit(MAX_ROWS)
    )
    return format_appeal_rows(rows, filters.language)
