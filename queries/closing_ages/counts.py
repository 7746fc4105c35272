"""Appeals received in a period by the age at which they were closed, as they stood at the end of a day.

An age is the number of whole local days from the day of receipt. What came after that day is left out, so that a
period can be counted as it stood when it was as old as another one is now.
"""

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select

from otklik.database.transactions import read_transaction
from queries.cache.statements import cached_statement
from queries.closing_ages import from_appeals, from_cubes
from queries.closing_ages.from_cubes import AgeWindow
from queries.core.cube_routing import AGE_CUBES, narrowest_cube
from queries.core.local_days import DAY
from queries.core.resolved_filters import ResolvedFilters
from queries.statistics.cumulative_incidence import AgeCounts


def age_counts(
    resolved: ResolvedFilters, start: date, end: date, as_of: date, horizon: int, by: str | None = None
) -> AgeCounts:
    """The appeals received in the local days [start, end), as they stood at the end of the day `as_of`.

    Members are the values of the column `by` (a single one, 0, without it). Appeals received after `as_of` are left
    out.
    """
    with read_transaction() as connection:
        query = _counts_query(resolved, AgeWindow(start, min(end, as_of + DAY), as_of, horizon), by)
        rows = [tuple(row) for row in connection.execute(query)]
    ages = horizon + 1
    counts = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 1 + 2 * ages + horizon)
    counts = np.where(np.isnan(counts), 0, counts)
    received, resolved_counts, other, still_open = np.split(counts, np.cumsum([1, ages, ages]), axis=1)
    keys = [row[0] or 0 for row in rows]
    open_by_age = np.pad(still_open, ((0, 0), (0, 1)))
    by_member = AgeCounts(np.array(keys), received[:, 0], resolved_counts, other, open_by_age).regrouped(keys)
    is_received = by_member.received > 0
    return AgeCounts(
        by_member.keys[is_received],
        by_member.received[is_received],
        by_member.resolved[is_received],
        by_member.other[is_received],
        np.maximum(by_member.censored[is_received], 0),
    )


@cached_statement
def _counts_query(resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> Select[Any]:
    """Rows that add up to each member: its id, then what `queries.closing_ages.from_cubes.counts_query` describes."""
    cube = narrowest_cube(AGE_CUBES, resolved, (by,) if by else ())
    if cube is None:
        return from_appeals.counts_query(resolved, window, by)
    return from_cubes.counts_query(cube, resolved, window, by)
