"""Day by day: the measures of each day and the state at its end."""

from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Date, cast, func, select, union_all

from database.reading import frame
from database.tables import MEASURES
from queries.cut import clock, cut
from queries.facts import due_facts, facts
from queries.filters import Filters
from queries.live import live
from queries.sums import ZERO, sums
from queries.totals import totals


@live
def days(filters: Filters) -> pd.DataFrame:
    """One row a day of the period up to today, by its date: measures, and `open` and `overdue` at its end.

    Today's state is the state now.
    """
    part = cut(filters)
    today, _ = clock(part)
    counted = facts(part, filters.start, filters.end).subquery()
    due = due_facts(part).subquery()
    rows = union_all(
        select(counted.c.day, *(counted.c[name] for name in MEASURES), ZERO.label("due")),
        select(due.c.overdue_day, *(ZERO.label(name) for name in MEASURES), due.c.appeals).where(
            due.c.overdue_day >= filters.start, due.c.overdue_day < filters.end
        ),
    ).subquery()
    counts = [func.sum(rows.c[name]).label(name) for name in (*MEASURES, "due")]
    by_day = frame(select(cast(rows.c.day, Date).label("day"), *counts).group_by(rows.c.day)).set_index("day")
    # A period may end tomorrow, and some zone of a country may be a day ahead of the others.
    counted_days = by_day.index[by_day[["received", "closed"]].any(axis="columns")]
    last = min(max([today, *counted_days]), filters.end - timedelta(days=1))
    shown = [filters.start + timedelta(days=n) for n in range((last - filters.start).days + 1)]
    by_day = by_day.reindex(shown, fill_value=0).astype("int64")
    before, now = _state(filters, filters.start), totals(filters)
    by_day["open"] = before["open"] + (by_day["received"] - by_day["closed"]).cumsum()
    by_day["overdue"] = before["overdue"] + (by_day["due"] + by_day["late_due"] - by_day["late"]).cumsum()
    if len(by_day) and filters.end > today:
        by_day.loc[by_day.index >= today, ["open", "overdue"]] = [now["open"], now["overdue"]]
    return by_day.drop(columns="due")


def _state(filters: Filters, end: date) -> dict[str, int]:
    """How things stood before a day: known where that is the end of the period compared with."""
    compared = filters.compared()
    if compared and compared.end == end:
        return totals(compared)
    row = frame(select(sums(cut(filters), end, end, names=("open", "overdue")))).iloc[0]
    return {name: int(row[name]) for name in ("open", "overdue")}
