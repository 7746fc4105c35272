"""The appeals of a problem: how many there are, by the week before and since its first day, and the latest."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Select, and_, cast, func, select

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.date_ranges import latest_appeals
from queries.core.facts import daily_facts
from queries.core.local_days import DAY, running_day
from queries.core.received_range import received_days
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.lists.appeal_list import format_list_rows, select_list
from queries.problems.board import open_count

WEEK = 7 * DAY
WEEKS_BEFORE = 8
MAX_ROWS = 100


class LinkedAppeals(NamedTuple):
    """The appeals of a problem, all `received` since its first day, and those of them that are `open`.

    `by_week` has one row per week of 7 days, of which one begins with the first day of the problem: day (the first),
    last, received, and span: `before` that day, `since`, or `running` for the week that isn't over yet. It begins eight
    weeks before, without the weeks that began before the territory received anything.
    """

    by_week: pd.DataFrame
    received: int
    open: int


@live
def linked_appeals(filters: Filters) -> LinkedAppeals:
    """The appeals within the filters, which are those of a problem: queries.problems.problem_filters."""
    resolved = resolve(filters)
    today, _ = running_day(resolved)
    first_data_day = received_days(filters.territory)[0]
    weeks_since = (max(today - filters.start, 0 * DAY)) // WEEK + 1
    days = [filters.start + week * WEEK for week in range(-WEEKS_BEFORE, weeks_since)]
    days = [day for day in days if day >= min(first_data_day, filters.start)]
    rows = query_dataframe(_received_query(resolved, days[0], filters.end))
    counts = np.zeros(len(days), dtype=np.int64)
    week_of_row = [(day - days[0]) // WEEK for day in rows["day"]]
    np.add.at(counts, week_of_row, rows["received"].to_numpy(np.int64))
    by_week = pd.DataFrame({"day": days, "last": [day + WEEK - DAY for day in days], "received": counts})
    by_week["span"] = [
        "before" if day < filters.start else "running" if day + WEEK > today else "since" for day in days
    ]
    received = int(by_week.loc[by_week["span"] != "before", "received"].sum())
    return LinkedAppeals(by_week, received, open_count(filters))


def _received_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per day with any: received."""
    cells = daily_facts(resolved, start, end).subquery()
    received = cast(func.sum(cells.c.received), BigInteger).label("received")
    return select(cells.c.day, received).group_by(cells.c.day)


@live
def latest_linked_appeals(filters: Filters) -> pd.DataFrame:
    """The latest appeals of a problem, at most 100: the columns of queries.lists.appeal_list.appeals_by_key."""
    columns = [appeal.c.region_id, appeal.c.id]
    keys = latest_appeals(resolve(filters), "received_at", filters.start, filters.end, columns, MAX_ROWS).subquery()
    query = select_list().join(keys, and_(keys.c.region_id == appeal.c.region_id, keys.c.id == appeal.c.id))
    return format_list_rows(query_dataframe(query.order_by(appeal.c.received_at.desc(), appeal.c.id)), filters.language)
