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
def waiting(filters: Filters, most: int = MOST) -> pd.DataFrame:
    """One row an open appeal that has a point, whatever the period, at most `most`: the next deadline first.

    Columns: number, lon, lat, state (open, overdue or closed), topic.
    """
    question = _points(filters, most).where(appeal.c.closed_at.is_(None))
    return _named(question.order_by(appeal.c.deadline_at, appeal.c.id), filters)


@live
def received(filters: Filters, most: int = MOST) -> pd.DataFrame:
    """The same of the appeals received in the period, newest first."""
    question = _received(_points(filters, most), filters)
    return _named(question.order_by(appeal.c.received_at.desc(), appeal.c.id), filters)


@live
def listed(filters: Filters, which: Literal["open", "received"]) -> pd.DataFrame:
    """The appeals behind the points and those without one, as queries.core.appeal_rows says them; at most `LISTED`.

    Open ones by their next deadline, received ones the newest first. Columns: number, received_at and deadline_at
    (local), topic, territory, organisation, channel, status.
    """
    rows = appeals(appeal.c.received_at, appeal.c.deadline_at).where(*within(cut(filters), appeal)).limit(LISTED)
    if which == "open":
        rows = rows.where(appeal.c.closed_at.is_(None)).order_by(appeal.c.deadline_at, appeal.c.id)
    else:
        rows = _received(rows, filters).order_by(appeal.c.received_at.desc(), appeal.c.id)
    return named(frame(rows), filters.language)


@live
def middles(filters: Filters) -> pd.DataFrame:
    """By a municipality's id, the mean lon and lat of its appeals: where it lies, when nobody has said so."""
    middle = [func.avg(appeal.c[one]).label(one) for one in ("lon", "lat")]
    rows = frame(
        select(appeal.c.municipality_id, *middle)
        .where(*within(cut(filters), appeal), appeal.c.lon.is_not(None), appeal.c.municipality_id.is_not(None))
        .group_by(appeal.c.municipality_id)
    )
    return rows.set_index("municipality_id").astype(float)


def _received(question: Select[Any], filters: Filters) -> Select[Any]:
    """Those of the period's local days alone."""
    return question.where(*in_days(cut(filters), "received_at", filters.start, filters.end))


def _points(filters: Filters, most: int) -> Select[Any]:
    state = case(
        (appeal.c.closed_at.is_not(None), literal_column("2")),
        (appeal.c.deadline_at < func.now(), literal_column("1")),
        else_=literal_column("0"),
    )
    # Whole numbers are sent and read in half the time.
    degrees = (cast(appeal.c[one] * literal_column(str(FINEST)), Integer).label(one) for one in ("lon", "lat"))
    return (
        select(appeal.c.number, *degrees, state.label("state"), appeal.c.topic_id)
        .select_from(appeal)
        .where(*anywhere(cut(filters), appeal), appeal.c.lon.is_not(None))
        .limit(most)
    )


def _named(question: Select[Any], filters: Filters) -> pd.DataFrame:
    found = columns(question)
    names = words("topic", filters.language)["name"].to_dict()
    return pd.DataFrame(
        {
            "number": found["number"],
            **{one: np.array(found[one], dtype=float) / FINEST for one in ("lon", "lat")},
            "state": [STATES[state] for state in found["state"]],
            "topic": [names.get(topic) for topic in found["topic_id"]],
        }
    )
