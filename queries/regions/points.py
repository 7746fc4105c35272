"""Appeals as points on a map."""

from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy import Integer, Select, case, cast, func, literal_column, select

from otklik.database.tables import appeal
from otklik.database.transactions import columns, frame
from queries.cache.live import live
from queries.core.appeal_rows import appeals, named
from queries.core.conditions import anywhere, within
from queries.core.date_ranges import in_days
from queries.core.reference import words
from queries.core.resolved_filters import cut
from queries.filters import Filters

MOST = 5000
LISTED = 200
STATES = ("open", "overdue", "closed")
FINEST = 10_000_000  # parts of a degree in which places are told: a centimetre


@live
def waiting(filters: Filters, limit: int = MOST) -> pd.DataFrame:
    """One row an open appeal that has a point, whatever the period, at most `most`: the next deadline first.

    Columns: number, lon, lat, state (open, overdue or closed), topic.
    """
    query = _points(filters, limit).where(appeal.c.closed_at.is_(None))
    return _named(query.order_by(appeal.c.deadline_at, appeal.c.id), filters)


@live
def received(filters: Filters, limit: int = MOST) -> pd.DataFrame:
    """The same of the appeals received in the period, newest first."""
    query = _received(_points(filters, limit), filters)
    return _named(query.order_by(appeal.c.received_at.desc(), appeal.c.id), filters)


@live
def listed(filters: Filters, selection: Literal["open", "received"]) -> pd.DataFrame:
    """The appeals behind the points and those without one, as queries.core.appeal_rows says them; at most `LISTED`.

    Open ones by their next deadline, received ones the newest first. Columns: number, received_at and deadline_at
    (local), topic, territory, organisation, channel, status.
    """
    query = appeals(appeal.c.received_at, appeal.c.deadline_at).where(*within(cut(filters), appeal)).limit(LISTED)
    if selection == "open":
        query = query.where(appeal.c.closed_at.is_(None)).order_by(appeal.c.deadline_at, appeal.c.id)
    else:
        query = _received(query, filters).order_by(appeal.c.received_at.desc(), appeal.c.id)
    return named(frame(query), filters.language)


@live
def middles(filters: Filters) -> pd.DataFrame:
    """By a municipality's id, the mean lon and lat of its appeals: where it lies, when nobody has said so."""
    mean_coordinates = [func.avg(appeal.c[coordinate]).label(coordinate) for coordinate in ("lon", "lat")]
    rows = frame(
        select(appeal.c.municipality_id, *mean_coordinates)
        .where(*within(cut(filters), appeal), appeal.c.lon.is_not(None), appeal.c.municipality_id.is_not(None))
        .group_by(appeal.c.municipality_id)
    )
    return rows.set_index("municipality_id").astype(float)


def _received(query: Select[Any], filters: Filters) -> Select[Any]:
    """Those of the period's local days alone."""
    return query.where(*in_days(cut(filters), "received_at", filters.start, filters.end))


def _points(filters: Filters, limit: int) -> Select[Any]:
    state = case(
        (appeal.c.closed_at.is_not(None), literal_column("2")),
        (appeal.c.deadline_at < func.now(), literal_column("1")),
        else_=literal_column("0"),
    )
    # Whole numbers are sent and read in half the time.
    coordinates = (
        cast(appeal.c[coordinate] * literal_column(str(FINEST)), Integer).label(coordinate)
        for coordinate in ("lon", "lat")
    )
    return (
        select(appeal.c.number, *coordinates, state.label("state"), appeal.c.topic_id)
        .select_from(appeal)
        .where(*anywhere(cut(filters), appeal), appeal.c.lon.is_not(None))
        .limit(limit)
    )


def _named(query: Select[Any], filters: Filters) -> pd.DataFrame:
    values = columns(query)
    topic_names = words("topic", filters.language)["name"].to_dict()
    return pd.DataFrame(
        {
            "number": values["number"],
            **{coordinate: np.array(values[coordinate], dtype=float) / FINEST for coordinate in ("lon", "lat")},
            "state": [STATES[state_index] for state_index in values["state"]],
            "topic": [topic_names.get(topic_id) for topic_id in values["topic_id"]],
        }
    )
