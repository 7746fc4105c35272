"""Day by day: the measures of each day and the state at its end."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Date, Select, cast, func, select, union_all

from otklik.database.tables import MEASURES
from otklik.database.transactions import columns
from queries.cache.live import live
from queries.cache.statements import built
from queries.core.aggregates import ZERO, question
from queries.core.facts import due_facts, facts
from queries.core.resolved_filters import Cut, clock, cut
from queries.core.totals import totals
from queries.filters import Filters

COUNTED = (*MEASURES, "due")


@live
def days(filters: Filters) -> pd.DataFrame:
    """One row a day of the period up to today, by its date: measures, and `open` and `overdue` at its end.

    Today's state is the state now.
    """
    part, start, end = cut(filters), filters.start, filters.end
    counted = columns(_by_day(part, start, end))
    at = np.array([(day - start).days for day in counted.pop("day")], dtype=int)
    sums = {name: np.array(values, dtype=np.int64) for name, values in counted.items()}
    today = (clock(part)[0] - start).days
    # A period may end tomorrow, and some zone of a country may be a day ahead of the others.
    last = max([today, *at[(sums["received"] > 0) | (sums["closed"] > 0)]])
    shown = max(0, min(last + 1, (end - start).days))
    by_day = {name: np.zeros(shown, dtype=np.int64) for name in COUNTED}
    for name, values in sums.items():
        by_day[name][at[at < shown]] = values[at < shown]
    before, now = _state(filters, start), totals(filters)
    due = by_day.pop("due")
    by_day["open"] = before["open"] + (by_day["received"] - by_day["closed"]).cumsum()
    by_day["overdue"] = before["overdue"] + (due + by_day["late_due"] - by_day["late"]).cumsum()
    for name in ("open", "overdue"):
        by_day[name][max(today, 0) :] = now[name]
    return pd.DataFrame(by_day, index=pd.Index([start + timedelta(days=n) for n in range(shown)], name="day"))


@built
def _by_day(part: Cut, start: date, end: date) -> Select[Any]:
    """One row a day: measures, and how many that are open now fell due on it."""
    counted = facts(part, start, end).subquery()
    due = due_facts(part).subquery()
    rows = union_all(
        select(counted.c.day, *(counted.c[name] for name in MEASURES), ZERO.label("due")),
        select(due.c.overdue_day, *(ZERO.label(name) for name in MEASURES), due.c.appeals).where(
            due.c.overdue_day >= start, due.c.overdue_day < end
        ),
    ).subquery()
    asked: list[Any] = [cast(rows.c.day, Date).label("day"), *(func.sum(rows.c[name]).label(name) for name in COUNTED)]
    return select(*asked).group_by(rows.c.day)


def _state(filters: Filters, end: date) -> dict[str, int]:
    """How things stood before a day: known where that is the end of the period compared with."""
    compared = filters.compared()
    if compared and compared.end == end:
        return totals(compared)
    found = columns(question(cut(filters), end, end, names=("open", "overdue")))
    return {name: int(total) for name, (total,) in found.items()}
