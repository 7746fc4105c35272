"""Ratings by class of answer time."""

from datetime import date

from sqlalchemy import SelectBase, select

from otklik.database.cubes.cube_tables import cube_wait
from otklik.database.cubes.measures import measures_in
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.facts import appeal_facts
from queries.core.resolved_filters import ResolvedFilters

# The upper bounds of the classes in days, as in cube_wait; the last class has none.
CLASS_END_DAYS = (1, 3, 8, 15, 30)
CLASS_MEASURES = measures_in("cube_wait")


def answer_time_cells(resolved: ResolvedFilters, start: date, end: date) -> SelectBase:
    """One row per cell: wait (class of answer time, 0..5), and the measures of `CLASS_MEASURES`.

    Closed appeals count on the day of the close, ratings on their own day by the time of the answer that they rate.
    """
    if is_covered_by_region_cubes(resolved):
        cube = cube_wait
        columns = [cube.c[name] for name in ("wait", *CLASS_MEASURES)]
        return select(*columns).where(
            cube.c.territory_id.in_(resolved.territories), cube.c.day >= start, cube.c.day < end
        )
    rows = appeal_facts(resolved, start, end, ("wait", *CLASS_MEASURES)).subquery()
    return select(rows).where(rows.c.wait.is_not(None))
