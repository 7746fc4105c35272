"""Whether the backlog grows: received less closed by weeks, beside what is usual."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Select, cast, func, select

from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.facts import daily_facts
from queries.core.local_days import DAY, running_day
from queries.core.received_range import received_days
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

WEEK_DAYS = 7
WEEKS = 13
MIN_BASE_WEEKS = 5
"""Fewer weeks say little about what is usual."""
USUAL_QUANTILES = (0.1, 0.9)


class BacklogFlow(NamedTuple):
    """Weeks of 7 whole days each, the last one ending with the day before the running day.

    `by_week` has a row per week with data, oldest first: day (the first), last, received, closed, and change: received
    less closed. `usual` has the 10th and 90th percentile of the change in the weeks before the last one; None with
    fewer than 5 of them.
    """

    by_week: pd.DataFrame
    usual: tuple[float, float] | None


@live
def backlog_flow(filters: Filters) -> BacklogFlow:
    """The last 13 weeks, whatever the period; without those that began before the territory received anything."""
    resolved = resolve(filters)
    today, _ = running_day(resolved)
    first_data_day, last_data_day = received_days(filters.territory)
    first_days = [today - week * WEEK_DAYS * DAY for week in range(WEEKS, 0, -1)]
    first_days = [day for day in first_days if first_data_day <= day <= last_data_day]
    # Without the weeks after the last one with data, in which something may yet be closed.
    last_end = first_days[-1] + WEEK_DAYS * DAY if first_days else today
    rows = query_dataframe(_flow_query(resolved, first_days[0], last_end)) if first_days else pd.DataFrame()
    sums = {name: np.zeros(len(first_days), dtype=np.int64) for name in ("received", "closed")}
    if len(rows):
        week_of_row = [(day - first_days[0]).days // WEEK_DAYS for day in rows["day"]]
        for name, totals in sums.items():
            np.add.at(totals, week_of_row, rows[name].to_numpy(np.int64))
    by_week = pd.DataFrame(
        {
            "day": first_days,
            "last": [day + (WEEK_DAYS - 1) * DAY for day in first_days],
            **sums,
            "change": sums["received"] - sums["closed"],
        }
    )
    base = by_week["change"].iloc[:-1]
    if len(base) < MIN_BASE_WEEKS:
        return BacklogFlow(by_week, None)
    low, high = np.quantile(base, USUAL_QUANTILES)
    return BacklogFlow(by_week, (float(low), float(high)))


@cached_statement
def _flow_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per day: received and closed."""
    rows = daily_facts(resolved, start, end).subquery()
    return select(
        rows.c.day, *(cast(func.sum(rows.c[name]), BigInteger).label(name) for name in ("received", "closed"))
    ).group_by(rows.c.day)
