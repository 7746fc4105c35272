"""Appeals as points on a map."""

from typing import Any

import pandas as pd
from sqlalchemy import Select, case, func, select

from database.reading import frame
from database.tables import appeal, territory
from queries.cut import cut
from queries.facts import around, within
from queries.filters import Filters
from queries.live import live
from queries.reference import words

MOST = 5000


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
    first, last = around(filters.start, filters.end)
    day = func.date(func.timezone(territory.c.timezone, appeal.c.received_at))
    question = (
        _points(filters, most)
        .join(territory, territory.c.id == appeal.c.region_id)
        .where(appeal.c.received_at >= first, appeal.c.received_at < last)
        .where(day >= filters.start, day < filters.end)
    )
    return _named(question.order_by(appeal.c.received_at.desc(), appeal.c.id), filters)


def _points(filters: Filters, most: int) -> Select[Any]:
    state = case(
        (appeal.c.closed_at.is_not(None), "closed"), (appeal.c.deadline_at < func.now(), "overdue"), else_="open"
    )
    return (
        select(appeal.c.number, appeal.c.lon, appeal.c.lat, state.label("state"), appeal.c.topic_id)
        .select_from(appeal)
        .where(*within(cut(filters), appeal), appeal.c.lon.is_not(None))
        .limit(most)
    )


def _named(question: Select[Any], filters: Filters) -> pd.DataFrame:
    rows = frame(question)
    rows["topic"] = rows.pop("topic_id").map(words("topic", filters.language)["name"])
    return rows
