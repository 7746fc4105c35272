"""What is open now, as cells of a cube or, where none can answer, rows of appeals."""

from sqlalchemy import (
    Select,
    func,
    select,
)

from otklik.database.cubes.cube_tables import open_fact
from queries.core.cube_routing import (
    DUE_CUBES,
    OPEN_COUNT_CUBES,
    OPEN_CUBES,
    narrowest_cube,
    select_from_cube,
    select_from_view,
)
from queries.core.resolved_filters import ResolvedFilters

OPEN_DAY_COLUMNS = ("received_day", "risk_day", "deadline_day")
DUE_DAY_COLUMNS = ("risk_day", "deadline_day", "overdue_day")


def open_facts(resolved: ResolvedFilters, *by: str | None) -> Select[tuple[object, ...]]:
    """One row per cell of open appeals: the columns of `by`, the days of receipt, risk and deadline, and `appeals`."""
    keys = tuple(key for key in by if key)
    cube = narrowest_cube(OPEN_CUBES, resolved, keys)
    columns = (*OPEN_DAY_COLUMNS, "appeals")
    return (
        select_from_view(open_fact, resolved, keys, columns)
        if cube is None
        else select_from_cube(cube, resolved, keys, columns)
    )


def due_facts(resolved: ResolvedFilters, *by: str | None) -> Select[tuple[object, ...]]:
    """One row per cell of open appeals: the columns of `by`, risk_day, deadline_day, overdue_day and `appeals`."""
    keys = tuple(key for key in by if key)
    cube = narrowest_cube(DUE_CUBES, resolved, keys)
    if cube is not None:
        return select_from_cube(cube, resolved, keys, (*DUE_DAY_COLUMNS, "appeals"))
    cells = open_facts(resolved, *keys).subquery()
    # An appeal that was due before it was received is overdue from its receipt on.
    overdue_day = func.greatest(cells.c.deadline_day, cells.c.received_day).label("overdue_day")
    return select(*(cells.c[name] for name in (*keys, "risk_day", "deadline_day", "appeals")), overdue_day)


def open_count_cells(resolved: ResolvedFilters, *by: str | None) -> Select[tuple[object, ...]]:
    """One row per cell of open appeals: the columns of `by`, and `appeals`."""
    keys = tuple(key for key in by if key)
    cube = narrowest_cube(OPEN_COUNT_CUBES, resolved, keys)
    return open_facts(resolved, *keys) if cube is None else select_from_cube(cube, resolved, keys, ("appeals",))
