"""The measures of every cell of the matrix, over the period and by week."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Date, Integer, Select, cast, literal, select, union_all

from otklik.database.cubes.measures import RATING_MEASURES
from otklik.database.transactions import query_columns
from queries.cache.statements import cached_statement
from queries.core.facts import daily_facts
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters
from queries.counts.aggregates import sums_query
from queries.counts.open_facts import due_facts
from queries.counts.state_sums import closed_due, pad_measures
from queries.filters import Filters
from queries.matrix.axes import Axes
from queries.summaries.place_topic_sums import GROUP_COLUMNS

CountArray = NDArray[np.float64]
PERIOD_MEASURES = (
    "received", "due", "met", "first_answered", "returned", "first_unknown", *RATING_MEASURES,
)  # fmt: skip
WEEK_MEASURES = ("received", "due", "met")
WEEKS = 12
WEEK_DAYS = 7


@dataclass(frozen=True)
class WeeklyCounts:
    """`WEEK_MEASURES` of the last whole weeks up to the period's end: arrays by week (oldest first), row and column."""

    start: date
    received: CountArray
    due: CountArray
    met: CountArray


def period_counts(axes: Axes, filters: Filters) -> SimpleNamespace:
    """`PERIOD_MEASURES` of the filters' period as attributes, each an array by row and column."""
    columns = query_columns(sums_query(axes.resolved, filters.start, filters.end, GROUP_COLUMNS, PERIOD_MEASURES))
    positions = _cell_positions(axes, columns)
    counts = {name: np.zeros(axes.shape) for name in PERIOD_MEASURES}
    for name, array in counts.items():
        np.add.at(array, positions, np.array(columns[name], dtype=float))
    return SimpleNamespace(**counts)


def weekly_counts(axes: Axes, filters: Filters) -> WeeklyCounts:
    """The twelve weeks before the period's end, or before the running day where that comes first."""
    end = min(filters.end, running_day(axes.resolved)[0])
    start = end - timedelta(days=WEEKS * WEEK_DAYS)
    columns = query_columns(_weekly_query(axes.resolved, start, end))
    positions = (np.array(columns["week"], dtype=int), *_cell_positions(axes, columns))
    arrays = {name: np.zeros((WEEKS, *axes.shape)) for name in WEEK_MEASURES}
    for name, array in arrays.items():
        np.add.at(array, positions, np.array(columns[name], dtype=float))
    return WeeklyCounts(start, **arrays)


@cached_statement
def _weekly_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per territory, topic and week with anything: the week's number from 0 on, and `WEEK_MEASURES`."""
    cells = daily_facts(resolved, start, end, *GROUP_COLUMNS).subquery()
    open_cells = due_facts(resolved, *GROUP_COLUMNS).subquery()
    keys = (*GROUP_COLUMNS, "week")
    closed_rows = select(
        *(cells.c[key] for key in GROUP_COLUMNS),
        _week_number(cells.c.day, start),
        cells.c.received,
        *(column.label(name) for name, column in closed_due(cells).items()),
    ).subquery()
    open_rows = (
        select(
            *(open_cells.c[key] for key in GROUP_COLUMNS),
            _week_number(open_cells.c.overdue_day, start),
            open_cells.c.appeals.label("due"),
        )
        .where(open_cells.c.overdue_day >= start, open_cells.c.overdue_day < end)
        .subquery()
    )
    rows = union_all(
        pad_measures(closed_rows, keys, {name: name for name in WEEK_MEASURES}, WEEK_MEASURES),
        pad_measures(open_rows, keys, {"due": "due"}, WEEK_MEASURES),
    ).subquery()
    return select(*rows.c)


def _week_number(day: Any, start: date) -> Any:  # noqa: ANN401 -- a column of days
    return (cast(day - literal(start, Date), Integer) // WEEK_DAYS).label("week")


def _cell_positions(axes: Axes, columns: dict[str, tuple[Any, ...]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The row and the column of each cell of a query's result."""
    column_positions = {territory_id: position for position, territory_id in enumerate(axes.territories)}
    return (
        np.array([axes.row_of_topic[topic_id] for topic_id in columns["topic_id"]], dtype=int),
        np.array([column_positions[territory_id] for territory_id in columns["territory_id"]], dtype=int),
    )
