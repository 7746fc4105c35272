"""Open appeals day by day, for the territories where most are overdue."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Date, Select, cast, func, select

from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.facts import daily_facts
from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.aggregates import sums_query
from queries.counts.recorded_stocks import Stock, recorded_stocks_by_territory
from queries.filters import Filters
from queries.regions.territories import TerritoryLevel, territories


@live
def open_by_day(filters: Filters, level: TerritoryLevel, limit: int = 6) -> pd.DataFrame:
    """One row per territory and local day, for the territories with most overdue (then most open) appeals.

    Columns: code, name, day, open (at the day's end, as recorded where it was), overdue (at the period's end; NaN where
    unknown). The worst territory first.
    """
    resolved = resolve(filters)
    if level == "region":
        resolved = replace(resolved, children=resolved.regions, steps_to_municipalities=False)
    worst = territories(filters, level).sort_values(["overdue", "open"], ascending=False, kind="stable")
    worst = worst[worst["open"] > 0].head(limit)
    row_index = {territory_id: index for index, territory_id in enumerate(worst.index.tolist())}
    change_rows = (
        query_columns(_daily_changes_query(resolved, filters.start, filters.end, tuple(row_index))) if row_index else {}
    )
    index = [(day - filters.start).days for day in change_rows.get("day", ())]
    # The days up to today; a region in the east may be a day ahead of the running day.
    last_day = max([(running_day(resolved)[0] - filters.start).days, *index])
    day_count = max(0, min(last_day + 1, (filters.end - filters.start).days))
    changes = np.zeros((len(row_index), day_count + 1), dtype=np.int64)
    for territory_id, day, change in zip(
        change_rows.get("territory_id", ()), index, change_rows.get("change", ()), strict=True
    ):
        changes[row_index[territory_id], min(day, day_count)] += change
    # Backwards from the state at the end: subtract what came later, add what left later.
    changes[:, -1] = 0
    later_changes = changes[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    open_counts = _counted_open(resolved, filters, row_index)[:, None] - later_changes
    for day, stocks in recorded_stocks_by_territory(
        resolved, filters.start, min(filters.start + day_count * DAY, running_day(resolved)[0])
    ).items():
        for territory_id, row in row_index.items():
            open_counts[row, (day - filters.start).days] = stocks.get(territory_id, Stock(0, 0)).open
    is_unknown = worst["lacking"].map(lambda fields: "deadline_at" in fields) & worst["overdue"].eq(0)
    worst = worst.assign(overdue=worst["overdue"].mask(is_unknown))
    repeated = {name: worst[name].repeat(day_count).array for name in ("code", "name", "overdue")}
    days = [filters.start + timedelta(days=n) for n in range(day_count)] * len(worst)
    rows = {
        "code": repeated["code"],
        "name": repeated["name"],
        "day": days,
        "open": open_counts.ravel(),
        "overdue": repeated["overdue"],
    }
    return pd.DataFrame(rows)


def _counted_open(resolved: ResolvedFilters, filters: Filters, row_index: dict[int, int]) -> NDArray[np.int64]:
    """How many were open at the end of the period, counted back from what is known now: an element per territory.

    As days without a record are; the end of one with a record may stand otherwise there.
    """
    rows = query_columns(sums_query(resolved, filters.start, filters.end, "territory_id", ("open",)))
    open_counts = np.zeros(len(row_index), dtype=np.int64)
    for territory_id, count in zip(rows["territory_id"], rows["open"], strict=True):
        if territory_id in row_index:
            open_counts[row_index[territory_id]] += count
    return open_counts


@cached_statement
def _daily_changes_query(
    resolved: ResolvedFilters, start: date, end: date, territory_ids: tuple[int, ...]
) -> Select[Any]:
    """One row per territory and day: by how many appeals more (or fewer) are open after it."""
    cells = daily_facts(resolved, start, end, "territory_id").subquery()
    change = func.sum(cells.c.received - cells.c.closed).label("change")
    keys = (cells.c.territory_id, cells.c.day)
    query: Select[Any] = select(cells.c.territory_id, cast(cells.c.day, Date).label("day"), change)
    return query.where(cells.c.territory_id.in_(territory_ids)).group_by(*keys)
