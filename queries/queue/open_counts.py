"""What is open now: at which stage, how old, held by whom, and what is late or about to be."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
from sqlalchemy import func, select

from otklik.database.tables import appeal
from otklik.database.transactions import frame
from queries.cache.live import live
from queries.core.aggregates import ENDLESS, STATE
from queries.core.appeal_rows import appeals, named
from queries.core.breakdown import breakdown, steps
from queries.core.conditions import within
from queries.core.daily import days
from queries.core.facts import standing as open_now
from queries.core.metric_values import answers
from queries.core.reference import words
from queries.core.resolved_filters import clock, cut
from queries.filters import Filters
from queries.metrics.metric import Answer
from queries.queue.ages import bands, oldest

TILES = ("open", "within", "at_risk", "overdue", "overdue_share")
STATES = ("within", "at_risk", "overdue")
LISTED = 200
# What is told of a stage, by its columns.
STAGE = {"position": "position", "stage": "name", "code": "code"}


def standing(filters: Filters) -> Filters:
    """The same part of the database as it stands now: a period in which nothing has happened yet."""
    return replace(filters, start=ENDLESS, end=ENDLESS, compare="none")


@live
def figures(filters: Filters) -> list[Answer]:
    """Open, within time, at risk, overdue and its share, now and as the period began; the oldest."""
    through_today = replace(filters, end=max(filters.end, clock(cut(filters))[0] + timedelta(days=1)))
    return [*answers(through_today, TILES), oldest(filters)]


@live
def stages(filters: Filters) -> pd.DataFrame:
    """One row a stage and band of ages (`queries.queue.ages.BANDS`): stage, code, position, band, appeals; in order."""
    rows = bands(filters)
    status_names, stage_names = words("status", filters.language), words("stage", filters.language)
    stage_ids = rows["status_id"].map(status_names["stage_id"])
    rows = rows.assign(**{name: stage_ids.map(stage_names[source_column]) for name, source_column in STAGE.items()})
    return rows.groupby([*STAGE, "band"])["appeals"].sum().reset_index()


@live
def topics(filters: Filters, limit: int = 12) -> pd.DataFrame:
    """One row a topic (a step below the chosen one) and stage: topic (its code), name, those of `STAGE`, appeals.

    Most open first; the topics after the first `most` are one, without a code and a name.
    """
    cells = open_now(cut(filters), "topic_id", "status_id").subquery()
    keys = (cells.c.topic_id, cells.c.status_id)
    appeal_count = func.sum(cells.c.appeals).label("appeals")
    rows = frame(select(*keys, appeal_count).group_by(*keys).having(appeal_count > 0)).astype("int64")
    topic_names, status_names = words("topic", filters.language), words("status", filters.language)
    stage_names = words("stage", filters.language)
    stage_ids = rows["status_id"].map(status_names["stage_id"])
    rows = rows.assign(
        topic_id=steps(rows["topic_id"], topic_names, filters.topic),
        **{name: stage_ids.map(stage_names[source_column]) for name, source_column in STAGE.items()},
    )
    topic_totals = rows.groupby("topic_id")["appeals"].sum().sort_values(ascending=False)
    rank = pd.Series(range(len(topic_totals)), topic_totals.index).clip(upper=limit)
    rows = rows.assign(place=rows["topic_id"].map(rank))
    for column, source_column in {"topic": "code", "name": "name"}.items():
        rows[column] = rows["topic_id"].map(topic_names[source_column]).where(rows["place"] < limit, None)
    return rows.groupby(["place", "topic", "name", *STAGE], dropna=False)["appeals"].sum().reset_index()


@live
def organisations(filters: Filters, limit: int = 12) -> pd.DataFrame:
    """One row an organisation: code, name, open, within, at_risk, overdue, overdue_share; most open first."""
    return _states(breakdown(standing(filters), "organisation", limit, "open", STATE), limit)


@live
def channels(filters: Filters) -> pd.DataFrame:
    """One row a channel, with the columns of `organisations`."""
    return _states(breakdown(standing(filters), "channel", None, "open", STATE), LISTED)


def _states(rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    largest = rows[rows["open"] > 0].nlargest(limit, "open", keep="first")
    return largest[["code", "name", "open", *STATES, "overdue_share"]].reset_index(drop=True)


@live
def backlog(filters: Filters) -> pd.DataFrame:
    """One row a day of the period: day, and open and overdue at its end (now for today)."""
    return days(filters)[["open", "overdue"]].rename_axis("day").reset_index()


@live
def points(filters: Filters) -> pd.DataFrame:
    """Open appeals whose place is known to the point, newest first, at most 200: a list's columns, lon and lat."""
    rows = frame(
        appeals(appeal.c.received_at, appeal.c.deadline_at, appeal.c.lon, appeal.c.lat)
        .where(appeal.c.closed_at.is_(None), appeal.c.lon.is_not(None), *within(cut(filters), appeal))
        .order_by(appeal.c.received_at.desc(), appeal.c.id.desc())
        .limit(LISTED)
    )
    return named(rows, filters.language)
