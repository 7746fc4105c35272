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
    now = replace(filters, end=max(filters.end, clock(cut(filters))[0] + timedelta(days=1)))
    return [*answers(now, TILES), oldest(filters)]


@live
def stages(filters: Filters) -> pd.DataFrame:
    """One row a stage and band of ages (`queries.queue.ages.BANDS`): stage, code, position, band, appeals; in order."""
    found = bands(filters)
    status, stage = words("status", filters.language), words("stage", filters.language)
    at = found["status_id"].map(status["stage_id"])
    found = found.assign(**{name: at.map(stage[of]) for name, of in STAGE.items()})
    return found.groupby([*STAGE, "band"])["appeals"].sum().reset_index()


@live
def topics(filters: Filters, most: int = 12) -> pd.DataFrame:
    """One row a topic (a step below the chosen one) and stage: topic (its code), name, those of `STAGE`, appeals.

    Most open first; the topics after the first `most` are one, without a code and a name.
    """
    cells = open_now(cut(filters), "topic_id", "status_id").subquery()
    keys = (cells.c.topic_id, cells.c.status_id)
    counted = func.sum(cells.c.appeals).label("appeals")
    found = frame(select(*keys, counted).group_by(*keys).having(counted > 0)).astype("int64")
    topic, status = words("topic", filters.language), words("status", filters.language)
    stage = words("stage", filters.language)
    at = found["status_id"].map(status["stage_id"])
    found = found.assign(
        topic_id=steps(found["topic_id"], topic, filters.topic),
        **{name: at.map(stage[of]) for name, of in STAGE.items()},
    )
    total = found.groupby("topic_id")["appeals"].sum().sort_values(ascending=False)
    place = pd.Series(range(len(total)), total.index).clip(upper=most)
    found = found.assign(place=found["topic_id"].map(place))
    for one, of in {"topic": "code", "name": "name"}.items():
        found[one] = found["topic_id"].map(topic[of]).where(found["place"] < most, None)
    return found.groupby(["place", "topic", "name", *STAGE], dropna=False)["appeals"].sum().reset_index()


@live
def organisations(filters: Filters, most: int = 12) -> pd.DataFrame:
    """One row an organisation: code, name, open, within, at_risk, overdue, overdue_share; most open first."""
    return _states(breakdown(standing(filters), "organisation", most, "open", STATE), most)


@live
def channels(filters: Filters) -> pd.DataFrame:
    """One row a channel, with the columns of `organisations`."""
    return _states(breakdown(standing(filters), "channel", None, "open", STATE), LISTED)


def _states(found: pd.DataFrame, most: int) -> pd.DataFrame:
    kept = found[found["open"] > 0].nlargest(most, "open", keep="first")
    return kept[["code", "name", "open", *STATES, "overdue_share"]].reset_index(drop=True)


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
