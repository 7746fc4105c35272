"""Appeals received in a period by the age at which they were closed, as they stood at the end of a day.

An age is the number of whole local days from the day of receipt. What came after that day is left out, so that a
period can be counted as it stood when it was as old as another one is now.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Select, func, literal, literal_column, select

from otklik.database.cubes.cube_tables import close_age
from otklik.database.transactions import read_transaction
from queries.cache.statements import cached_statement
from queries.core.cube_routing import AGE_CUBES, cube_source, narrowest_cube, select_from_view
from queries.core.facts import daily_facts, summable_facts
from queries.core.local_days import DAY, utc_bounds
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
        query = _counts_query(resolved, start, min(end, as_of + DAY), as_of, horizon, by)
        rows = [tuple(row) for row in connection.execute(query) if row[1]]
    ages = horizon + 1
    counts = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 1 + 2 * ages + 2 * horizon)
    counts = np.where(np.isnan(counts), 0, counts)
    received, resolved_counts, other, closed_by_day, received_by_day = np.split(
        counts, np.cumsum([1, ages, ages, horizon]), axis=1
    )
    censored = np.pad(np.maximum(received_by_day - closed_by_day, 0), ((0, 0), (0, 1)))
    keys = np.array([row[0] or 0 for row in rows], dtype=np.int64)
    return AgeCounts(keys, received[:, 0], resolved_counts, other, censored)


@cached_statement
def _counts_query(
    resolved: ResolvedFilters, start: date, last: date, as_of: date, horizon: int, by: str | None
) -> Select[Any]:
    """One row per member: its id, the appeals received in the local days [start, last), the totals of both others."""
    first_young = max(start, as_of - timedelta(days=horizon - 1))
    received = _received_query(resolved, start, last, by).subquery("received")
    closed = _closed_query(resolved, start, last, as_of, horizon, by).subquery("closed")
    young = _received_by_day_query(resolved, first_young, last, as_of, horizon, by).subquery("young")
    return select(
        *received.c, *(column for rows in (closed, young) for column in rows.c if column.name != "member")
    ).select_from(
        received.outerjoin(closed, closed.c.member == received.c.member).outerjoin(
            young, young.c.member == received.c.member
        )
    )


def _closed_query(
    resolved: ResolvedFilters, start: date, last: date, as_of: date, horizon: int, by: str | None
) -> Select[Any]:
    """One row per member: appeals resolved at each age, closed otherwise at each, and closed of each day `as_of` - age.

    In SQL text: built of expressions, it would take SQLAlchemy longer than the database.
    """
    keys, ages = (by,) if by else (), range(horizon + 1)
    cube = narrowest_cube(AGE_CUBES, resolved, keys)
    if cube is None:
        first_moment, last_moment = utc_bounds(start, last, resolved.timezones)
        view_columns = ("day", "age", "resolved", "other")
        rows = select_from_view(close_age, resolved, keys, view_columns).where(
            close_age.c.at >= first_moment,
            close_age.c.at < last_moment,
            close_age.c.day >= start,
            close_age.c.day < last,
            close_age.c.age <= horizon,
        )
        view_rows = rows.subquery()
        cells = select(*view_rows.c, (literal(as_of) - view_rows.c.day).label("seen")).subquery("cells")
        totals = [
            *(
                f"sum(cells.{kind}) FILTER (WHERE cells.age = {age} AND cells.seen >= {age})"
                for kind in ("resolved", "other")
                for age in ages
            ),
            *(
                f"sum(cells.resolved + cells.other) FILTER (WHERE cells.seen = {age} AND cells.age <= {age})"
                for age in ages[:-1]
            ),
        ]
    else:
        key_columns, source, conditions = cube_source(cube, resolved, keys)
        measures = [cube.c[f"{kind}_{age}"] for kind in ("resolved", "other") for age in ages]
        cells = (
            select(*key_columns, *measures, (literal(as_of) - cube.c.day).label("seen"))
            .select_from(source)
            .where(cube.c.day >= start, cube.c.day < last, *conditions)
            .subquery("cells")
        )
        totals = [
            *(
                f"sum(cells.{kind}_{age}) FILTER (WHERE cells.seen >= {age})"
                for kind in ("resolved", "other")
                for age in ages
            ),
            *(f"sum({_closed_through(age)}) FILTER (WHERE cells.seen = {age})" for age in ages[:-1]),
        ]
    return _grouped(cells, by, [literal_column(total) for total in totals])


def _closed_through(age: int) -> str:
    """The appeals of a cell closed at this age or a lower one."""
    return " + ".join(f"coalesce(cells.{kind}_{n}, 0)" for kind in ("resolved", "other") for n in range(age + 1))


def _received_query(resolved: ResolvedFilters, start: date, last: date, by: str | None) -> Select[Any]:
    """One row per member: the appeals received in the local days [start, last)."""
    cells = summable_facts(resolved, start, last, by, measures=("received",)).subquery("cells")
    return _grouped(cells, by, [func.sum(cells.c.received)])


def _received_by_day_query(
    resolved: ResolvedFilters, first: date, last: date, as_of: date, horizon: int, by: str | None
) -> Select[Any]:
    """One row per member: the appeals received on the day `as_of`, and on each day before it, back to `first`."""
    facts = daily_facts(resolved, first, last, by).subquery()
    keys = [facts.c[by]] if by else []
    cells = (
        select(*keys, facts.c.received, (literal(as_of) - facts.c.day).label("seen"))
        .where(facts.c.received != 0)
        .subquery("cells")
    )
    totals = [f"sum(cells.received) FILTER (WHERE cells.seen = {age})" for age in range(horizon)]
    return _grouped(cells, by, [literal_column(total) for total in totals])


def _grouped(cells: Any, by: str | None, totals: list[Any]) -> Select[Any]:  # noqa: ANN401 -- SQLAlchemy's own
    """One row per member, its key first (0 for a single one)."""
    key = cells.c[by] if by else literal_column("0")
    columns = [key.label("member"), *(total.label(f"total_{index}") for index, total in enumerate(totals))]
    query = select(*columns).select_from(cells)
    return query.group_by(key) if by else query
