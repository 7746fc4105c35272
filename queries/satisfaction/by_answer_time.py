"""Ratings by the time that an answer took."""

from datetime import date

from sqlalchemy import SelectBase, case, select

from otklik.database.tables import cube_wait
from queries.core.cube_routing import held_by
from queries.core.facts import facts_of_appeals
from queries.core.resolved_filters import Cut

# Days: the classes of answer times end with these, the last one is open. The cube has the same.
ENDS = (1, 3, 8, 15, 30)
DAY = 86_400
COUNTED = ("closed", *(f"rated_{n}" for n in range(1, 6)))


def waits(resolved: Cut, start: date, end: date) -> SelectBase:
    """One row a cell: wait (0..5, the class of answer times), how many were closed in it, and how they were rated."""
    if held_by(resolved):
        cube = cube_wait
        columns = [cube.c[name] for name in ("wait", *COUNTED)]
        return select(*columns).where(
            cube.c.territory_id.in_(resolved.territories), cube.c.day >= start, cube.c.day < end
        )
    rows = facts_of_appeals(resolved, start, end, (*COUNTED, "answer_seconds")).subquery()
    class_conditions = [(rows.c.answer_seconds <= end * DAY, n) for n, end in enumerate(ENDS)]
    time_class = case(*class_conditions, else_=len(ENDS)).label("wait")
    return select(time_class, *(rows.c[name] for name in COUNTED)).where(rows.c.closed > 0)
