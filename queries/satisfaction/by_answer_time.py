"""Ratings by class of answer time."""

from datetime import date

from sqlalchemy import SelectBase, case, select

from otklik.database.cubes.cube_tables import cube_wait
from otklik.database.cubes.measures import measures_in
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.facts import appeal_facts
from queries.core.local_days import DAY_SECONDS
from queries.core.resolved_filters import ResolvedFilters

# The upper bounds of the classes in days, as in cube_wait; the last class has none.
CLASS_END_DAYS = (1, 3, 8, 15, 30)
CLASS_MEASURES = measures_in("cube_wait")


def answer_time_cells(resolved: ResolvedFilters, start: date, end: date) -> SelectBase:
    """One row per cell: wait (class of answer time, 0..5), closed, and rated_1 to rated_5."""
    if is_covered_by_region_cubes(resolved):
        cube = cube_wait
        columns = [cube.c[name] for name in ("wait", *CLASS_MEASURES)]
        return select(*columns).where(
            cube.c.territory_id.in_(resolved.territories), cube.c.day >= start, cube.c.day < end
        )
    rows = appeal_facts(resolved, start, end, (*CLASS_MEASURES, "answer_seconds")).subquery()
    class_conditions = [(rows.c.answer_seconds <= end * DAY_SECONDS, n) for n, end in enumerate(CLASS_END_DAYS)]
    time_class = case(*class_conditions, else_=len(CLASS_END_DAYS)).label("wait")
    return select(time_class, *(rows.c[name] for name in CLASS_MEASURES)).where(rows.c.closed > 0)
