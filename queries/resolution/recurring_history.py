"""Appeals received by territory and topic in each 16 days of the year before a period."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Date, Integer, SelectBase, cast, func, literal, select, union_all

from otklik.database.cubes.cube_tables import cube_town, fact_fresh, spanned_cubes
from otklik.database.transactions import query_columns
from queries.core.cube_routing import (
    CUBES,
    narrowest_cube,
    select_from_cube,
    select_from_view,
)
from queries.core.facts import appeal_facts
from queries.core.resolved_filters import ResolvedFilters
from queries.summaries.place_topic_sums import GROUP_COLUMNS, SPAN_DAYS, Level, has_municipal_cube

TOPIC_SPAN_DAYS = 8
HISTORY_SPANS = 23


def history_bounds(start: date) -> tuple[date, date]:
    """The days [first, last) of the history before a period: whole spans."""
    last = start - timedelta(days=(start - date.min).days % SPAN_DAYS)
    return last - timedelta(days=SPAN_DAYS * HISTORY_SPANS), last


def history_matrix(resolved: ResolvedFilters, start: date, level: Level) -> pd.DataFrame:
    """One row per territory and topic (the index), a column per span, oldest first: appeals received."""
    first, last = history_bounds(start)
    rows = _history_rows(resolved, first, last, level).subquery()
    span = (cast(rows.c.day - literal(first, Date), Integer) // SPAN_DAYS).label("span")
    keys = [rows.c[key] for key in GROUP_COLUMNS]
    counted = select(*keys, span, cast(func.sum(rows.c.received), Integer).label("received")).group_by(*keys, span)
    counts = counted.subquery()
    # One row of arrays: a row per count would take longer to fetch than to count.
    arrays = query_columns(select(*(func.array_agg(column).label(column.name) for column in counts.c)))
    territory_ids, topic_ids, spans, received = (values[0] or [] for values in arrays.values())
    cells = pd.MultiIndex.from_arrays([territory_ids, topic_ids])
    positions, cell_index = pd.factorize(cells)
    matrix = np.zeros((len(cell_index), HISTORY_SPANS))
    matrix[positions, np.array(spans, dtype=int)] = received
    return pd.DataFrame(matrix, cell_index.set_names(GROUP_COLUMNS))


def _history_rows(resolved: ResolvedFilters, first: date, last: date, level: Level) -> SelectBase:
    """Rows with territory_id, topic_id, day and received, in the days [first, last)."""
    columns = ("day", "received")
    is_region = level == "region"
    cube: Any = None
    if is_region and narrowest_cube(CUBES, resolved, GROUP_COLUMNS) is not None:
        cube = spanned_cubes["cube_topic"]
    elif not is_region and has_municipal_cube(resolved):
        cube = cube_town
    if cube is None:
        return appeal_facts(resolved, first, last, columns, *GROUP_COLUMNS)
    span_days = TOPIC_SPAN_DAYS if is_region else SPAN_DAYS
    folded = select_from_cube(cube, resolved, GROUP_COLUMNS, columns)
    fresh = select_from_view(fact_fresh, resolved, GROUP_COLUMNS, columns)
    return union_all(
        folded.where(cube.c.span == span_days, cube.c.day >= first, cube.c.day < last),
        fresh.where(fact_fresh.c.day >= first, fact_fresh.c.day < last),
    )
