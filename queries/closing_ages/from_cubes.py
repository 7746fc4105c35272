"""Appeals by the age at which they were closed, from the cells of a cube."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, SelectBase, Subquery, Table, literal, literal_column, select, union_all

from otklik.database.cubes import cube_tables
from otklik.database.cubes.cube_tables import close_age_fresh, fact_fresh
from otklik.database.cubes.measures import ZERO
from queries.core.cube_routing import cube_source, select_from_view
from queries.core.day_blocks import day_blocks
from queries.core.facts import block_facts
from queries.core.resolved_filters import ResolvedFilters

KINDS = ("resolved", "other")


class AgeWindow(NamedTuple):
    """The appeals received in the local days [start, last), as they stood at the end of `as_of`, by age 0..horizon."""

    start: date
    last: date
    as_of: date
    horizon: int

    @property
    def first_young(self) -> date:
        """The first day whose appeals weren't as old as the horizon yet."""
        return min(self.last, max(self.start, self.as_of - timedelta(days=self.horizon - 1)))


def counts_query(cube: Table, resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> Select[Any]:
    """One or two rows per member, to be added up, of the appeals of a window.

    Columns: member (its id, 0 without `by`), received, resolved at each age, closed otherwise at each, and for each age
    below the horizon those that were so old and still open.

    Days whose appeals all were as old as the horizon are read as long cells, those after them one by one. In SQL text:
    built of expressions, it would take SQLAlchemy longer than the database.
    """
    ages = range(window.horizon + 1)
    old_totals = ["sum(cells.received)", *(f"sum(cells.{kind}_{age})" for kind in KINDS for age in ages)]
    young_totals = [
        "sum(cells.received)",
        *(f"sum(cells.{kind}_{age}) FILTER (WHERE cells.seen >= {age})" for kind in KINDS for age in ages),
        *(f"sum(cells.received - ({_closed_through(age)})) FILTER (WHERE cells.seen = {age})" for age in ages[:-1]),
    ]
    nothing = ["NULL::bigint"] * window.horizon
    parts: list[tuple[SelectBase, list[str]]] = []
    if window.start < window.first_young:
        parts.append((_old_cells(cube, resolved, window, by), [*old_totals, *nothing]))
    if window.first_young < window.last or not parts:
        parts.append((_young_cells(cube, resolved, window, by), young_totals))
    rows = union_all(*(grouped(cells.subquery("cells"), by, totals) for cells, totals in parts)).subquery()
    return select(*rows.c)


def _old_cells(cube: Table, resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> SelectBase:
    """Rows that add up to the days before `first_young`, some of them negative: the column `by`, received, ages."""
    first, last, horizon = window.start, window.first_young, window.horizon
    keys, folded = (by,) if by else (), cube_tables.age_cells[cube.name]
    measures = ("received", *_age_columns(horizon))
    if "span" in folded.c:
        folded_rows = block_facts(folded, day_blocks(first, last), resolved, keys, measures)
    else:
        folded_rows = _folded_days(folded, resolved, keys, first, last, measures)
    return union_all(folded_rows, *_fresh_rows(resolved, keys, first, last, horizon, ()))


def _young_cells(cube: Table, resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> SelectBase:
    """Rows that add up to each day from `first_young` on: `by`, received, ages, and seen, the days until `as_of`."""
    first, last, horizon = window.first_young, window.last, window.horizon
    keys, folded = (by,) if by else (), cube_tables.age_cells[cube.name]
    measures = ("received", *_age_columns(horizon), "day")
    rows = union_all(
        _folded_days(folded, resolved, keys, first, last, measures),
        *_fresh_rows(resolved, keys, first, last, horizon, ("day",)),
    ).subquery()
    # OFFSET 0 keeps the planner from computing `seen` again for each condition on it.
    return select(*rows.c, (literal(window.as_of, Date) - rows.c.day).label("seen")).offset(literal_column("0"))


def _folded_days(
    folded: Table, resolved: ResolvedFilters, keys: tuple[str, ...], first: date, last: date, columns: tuple[str, ...]
) -> Select[Any]:
    """One row per folded cell of a day."""
    key_columns, source, conditions = cube_source(folded, resolved, keys)
    days = [folded.c.day >= first, folded.c.day < last, *([folded.c.span == 1] if "span" in folded.c else [])]
    return select(*key_columns, *(folded.c[name] for name in columns)).select_from(source).where(*days, *conditions)


def _fresh_rows(
    resolved: ResolvedFilters, keys: tuple[str, ...], first: date, last: date, horizon: int, extra: tuple[str, ...]
) -> list[Select[Any]]:
    """What isn't folded yet: a query for the appeals received, and one for those closed."""
    received, closed = (
        select_from_view(view, resolved, keys, (*columns, "day"))
        .where(view.c.day >= first, view.c.day < last)
        .subquery(name)
        for view, columns, name in (
            (fact_fresh, ("received",), "fresh_received"),
            (close_age_fresh, ("age", *KINDS), "fresh_closed"),
        )
    )
    no_ages: list[Any] = [literal_column("NULL::integer").label(name) for name in _age_columns(horizon)]
    ages = [
        literal_column(f"CASE WHEN fresh_closed.age = {age} THEN fresh_closed.{kind} END", Integer)
        for kind in KINDS
        for age in range(horizon + 1)
    ]
    return [
        select(*(rows.c[key] for key in keys), count, *counts, *(rows.c[name] for name in extra)).select_from(rows)
        for rows, count, counts in ((received, received.c.received, no_ages), (closed, ZERO, ages))
    ]


def _age_columns(horizon: int) -> list[str]:
    """The columns of the ages up to `horizon`, in the order of `counts_query`."""
    return [f"{kind}_{age}" for kind in KINDS for age in range(horizon + 1)]


def _closed_through(age: int) -> str:
    """The appeals of a cell closed at this age or a lower one."""
    return " + ".join(f"coalesce(cells.{kind}_{n}, 0)" for kind in KINDS for n in range(age + 1))


def grouped(cells: Subquery, by: str | None, totals: list[str]) -> Select[Any]:
    """One row per member, its id first (0 for a single one), then sums given as SQL over `cells`."""
    key = cells.c[by] if by else literal_column("0")
    columns = [key.label("member"), *(literal_column(total).label(f"total_{n}") for n, total in enumerate(totals))]
    query = select(*columns).select_from(cells)
    return query.group_by(key) if by else query
