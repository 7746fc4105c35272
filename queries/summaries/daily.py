"""The measures of each day and the state at its end."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Date, Select, cast, func, select, union_all

from otklik.database.cubes.measures import MEASURES, ONE, SETTLED_MEASURES, ZERO
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.facts import daily_facts
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.aggregates import sums_query
from queries.counts.open_facts import due_facts
from queries.counts.recorded_stocks import Stock, has_record, stocks_by_day
from queries.counts.state_sums import DUE_MEASURES
from queries.filters import Filters
from queries.summaries.totals import period_totals

RECORDED_COLUMNS = ("recorded", *(f"recorded_{name}" for name in Stock._fields))
DAILY_COLUMNS = (*MEASURES, "open_due", *RECORDED_COLUMNS)


@live
def daily_measures(filters: Filters) -> pd.DataFrame:
    """One row per local day of the period up to today, indexed by date: measures, and `open` and `overdue` at its end.

    At the end of a recorded day these are as they stood then, and `recorded` is 1; at the end of others they are
    counted back from what is known now. For today they are those of now. `due` and `met` are of the deadlines that fell
    on the day; these and `SETTLED_MEASURES` are 0 for a day that isn't over.
    """
    resolved, start, end = resolve(filters), filters.start, filters.end
    columns_by_name = query_columns(_daily_query(resolved, start, end))
    day_offsets = np.array([(day - start).days for day in columns_by_name.pop("day")], dtype=int)
    measure_values = {name: np.array(values, dtype=np.int64) for name, values in columns_by_name.items()}
    today_offset = (running_day(resolved)[0] - start).days
    # The period may end in the future, and a region in the east may be a day ahead of the running day.
    last_offset = max([today_offset, *day_offsets[(measure_values["received"] > 0) | (measure_values["closed"] > 0)]])
    day_count = max(0, min(last_offset + 1, (end - start).days))
    by_day = {name: np.zeros(day_count, dtype=np.int64) for name in DAILY_COLUMNS}
    for name, values in measure_values.items():
        by_day[name][day_offsets[day_offsets < day_count]] = values[day_offsets < day_count]
    state_before, current_state = _state_before(filters, start), period_totals(filters)
    newly_due = by_day.pop("open_due")
    by_day["due"] = newly_due + by_day["late_due"] + by_day["on_time_due"]
    by_day["met"] = by_day["on_time_due"].copy()
    for name in (*DUE_MEASURES, *SETTLED_MEASURES):
        by_day[name][max(today_offset, 0) :] = 0
    by_day["open"] = state_before["open"] + (by_day["received"] - by_day["closed"]).cumsum()
    by_day["overdue"] = state_before["overdue"] + (newly_due + by_day["late_due"] - by_day["late"]).cumsum()
    for name in ("open", "overdue"):
        by_day[name][max(today_offset, 0) :] = current_state[name]
    is_recorded = (by_day["recorded"] > 0) & (np.arange(day_count) < today_offset)
    for name in ("open", "overdue"):
        by_day[name] = np.where(is_recorded, by_day.pop(f"recorded_{name}"), by_day[name])
    return pd.DataFrame(
        by_day, index=pd.Index([start + timedelta(days=offset) for offset in range(day_count)], name="day")
    )


@cached_statement
def _daily_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per day: the measures; `open_due`, the appeals open now that fell due on it; what was recorded of it."""
    fact_rows = daily_facts(resolved, start, end).subquery()
    due_rows = due_facts(resolved).subquery()
    selects = [
        _daily_rows(fact_rows.c.day, {name: fact_rows.c[name] for name in MEASURES}),
        _daily_rows(due_rows.c.overdue_day, {"open_due": due_rows.c.appeals}).where(
            due_rows.c.overdue_day >= start, due_rows.c.overdue_day < end
        ),
    ]
    if has_record(resolved):
        stock_rows = stocks_by_day(resolved, start, end).subquery()
        stocks = {f"recorded_{name}": stock_rows.c[name] for name in Stock._fields}
        selects.append(_daily_rows(stock_rows.c.day, {"recorded": ONE, **stocks}))
    rows = union_all(*selects).subquery()
    selected_columns: list[Any] = [
        cast(rows.c.day, Date).label("day"),
        *(func.sum(rows.c[name]).label(name) for name in DAILY_COLUMNS),
    ]
    return select(*selected_columns).group_by(rows.c.day)


def _daily_rows(day: ColumnElement[date], columns: dict[str, Any]) -> Select[Any]:
    """Rows of `DAILY_COLUMNS`, 0 for those that aren't given."""
    return select(day.label("day"), *(columns.get(name, ZERO).label(name) for name in DAILY_COLUMNS))


def _state_before(filters: Filters, end: date) -> dict[str, int]:
    """`open` and `overdue` before a day, counted back from what is known now, as are the days that weren't recorded.

    Taken from the totals of the comparison period if that ends there and can have no record.
    """
    comparison, resolved = filters.comparison_filters(), resolve(filters)
    if comparison and comparison.end == end and not has_record(resolved):
        return period_totals(comparison)
    query = sums_query(resolved, end, end, measures=("open", "overdue"), with_record=False)
    return {name: int(total) for name, (total,) in query_columns(query).items()}
