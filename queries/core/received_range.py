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
def received_days(territory: str | None = None) -> tuple[date, date]:
    """The first and the last day on which a territory (its code) or any received something; today twice if none."""
    today = datetime.now(UTC).date()
    resolved = resolve(Filters(start=today, end=today, territory=territory))
    first_day, last_day = query_columns(_received_range_query(resolved)).values()
    return first_day[0] or today, last_day[0] or today


@cached_statement
def _received_range_query(resolved: ResolvedFilters) -> Select[Any]:
    # Of the topmost territories: each of the many below them has days of its own.
    cells = select_from_cube(cube_place, resolved, (), ("day", "received")).subquery()
    day = cells.c.day
    return select(func.min(day).label("first"), func.max(day).label("last")).where(cells.c.received > 0)
