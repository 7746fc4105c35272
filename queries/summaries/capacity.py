"""Which organisations have room for more appeals of some topics and territories."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Select, func, literal, select

from otklik.actions.capacity import EXPERIENCE_DAYS, MIN_DAYS, MIN_PACE, PACE_DAYS
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.open_facts import open_facts
from queries.counts.state_sums import STATE_MEASURES
from queries.filters import FAR_FUTURE, Filters
from queries.summaries.breakdown import breakdown

MAX_ORGANISATIONS = 15
"""Rows of the table of organisations with room."""


class Capacity(NamedTuple):
    """The organisations with room (`organisation_capacity`), and the days to the deadline that it is counted for."""

    organisations: pd.DataFrame
    days: float


@live
def organisation_capacity(filters: Filters, limit: int = MAX_ORGANISATIONS) -> Capacity:
    """One row per organisation that closed such appeals in the last 90 days and has room; the most room first.

    Such appeals: those of the topic, territory, channel and regime of the filters; not of the organisation, which is to
    hand them on. Columns: code, name, room, answered (such appeals closed), open, overdue, closed_a_day, days.

    `room` is what it would close at its pace until the deadline, less what it has open, of all topics and places:
    the same as in the proposals (otklik.actions.capacity). `closed_a_day` is the mean of the last 28 whole days, at
    least seven appeals in all; `days` the time that its open appeals would take at that pace. The deadline is as far
    off as those of the open appeals of the filters are at the median, at least a week.
    """
    such_filters = replace(filters, organisation=None, compare="none")
    today = running_day(resolve(such_filters))[0]
    days = days_to_deadline(such_filters)
    experienced = _closed(such_filters, today - timedelta(days=EXPERIENCE_DAYS), today)
    whole_filters = Filters(filters.start, filters.end, compare="none", language=filters.language)
    paces = _closed(whole_filters, today - timedelta(days=PACE_DAYS), today)["closed"] / PACE_DAYS
    open_rows = breakdown(whole_filters.without_period(), "organisation", rank_by="open", measures=STATE_MEASURES)
    rows = experienced[["code", "name"]].assign(
        answered=experienced["closed"],
        open=open_rows["open"].reindex(experienced.index, fill_value=0).astype("int64"),
        overdue=open_rows["overdue"].reindex(experienced.index, fill_value=0).astype("int64"),
        closed_a_day=paces.reindex(experienced.index, fill_value=0.0),
    )
    rows = rows[rows["closed_a_day"] >= MIN_PACE]
    rows = rows.assign(
        room=np.floor(rows["closed_a_day"] * days - rows["open"]), days=rows["open"] / rows["closed_a_day"]
    )
    rows = rows[rows["room"] >= 1].astype({"room": "int64"})
    ordered = rows.sort_values(["room", "answered", "name"], ascending=[False, False, True])
    return Capacity(ordered.head(limit).reset_index(drop=True), days)


@live
def days_to_deadline(filters: Filters) -> float:
    """The median of the days from today to the deadlines of the open appeals, late ones as 0; at least a week."""
    counts = query_columns(_deadline_days_query(resolve(filters)))
    days = np.array(counts["days"], dtype=float)
    appeals = np.array(counts["appeals"], dtype=float)
    if not appeals.sum():
        return MIN_DAYS
    order = np.argsort(days)
    middle = int(np.searchsorted(np.cumsum(appeals[order]), appeals.sum() / 2))
    return max(float(days[order][middle]), MIN_DAYS)


@cached_statement
def _deadline_days_query(resolved: ResolvedFilters) -> Select[Any]:
    """One row per number of days to the deadline, late ones as 0: days, appeals."""
    cells = open_facts(resolved).subquery()
    days = func.greatest(cells.c.deadline_day - literal(running_day(resolved)[0]), 0).label("days")
    appeals = func.sum(cells.c.appeals).label("appeals")
    return select(days, appeals).where(cells.c.deadline_day < FAR_FUTURE).group_by(days).having(appeals > 0)


def _closed(filters: Filters, start: date, end: date) -> pd.DataFrame:
    """One row per organisation that closed appeals from one day to before another, by id: code, name, closed."""
    rows = breakdown(replace(filters, start=start, end=end), "organisation", rank_by="closed", measures=("closed",))
    return rows[rows["closed"] > 0]
