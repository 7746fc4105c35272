"""The days on which anything was received: what lies before them has no data."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from otklik.database.cubes.cube_tables import cube_place
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.cube_routing import select_from_cube
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters


@live
def received_days() -> tuple[date, date]:
    """The first and the last day on which anything was received; today twice in an empty database."""
    today = datetime.now(UTC).date()
    first_day, last_day = query_columns(_received_range_query(resolve(Filters(start=today, end=today)))).values()
    return first_day[0] or today, last_day[0] or today


@cached_statement
def _received_range_query(resolved: ResolvedFilters) -> Select[Any]:
    # Of the topmost territories: each of the many below them has days of its own.
    cells = select_from_cube(cube_place, resolved, (), ("day", "received")).subquery()
    day = cells.c.day
    return select(func.min(day).label("first"), func.max(day).label("last")).where(cells.c.received > 0)
