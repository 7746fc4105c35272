"""What left the closed appeals of a period after its end, since it was re-opened."""

from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from otklik.database.tables import appeal, outcome
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.core.conditions import conditions_within_regions
from queries.core.date_ranges import midnight_arrays
from queries.core.local_days import is_period_over
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters


class ReopenedSince(NamedTuple):
    """Appeals that were first answered in a period and now have no close in it; those of them first resolved."""

    closed: int
    resolved: int


@live
def reopened_since(filters: Filters) -> ReopenedSince:
    """What closed and resolved of a past period have lost to re-openings: none while the period goes on.

    Added to them, they are as they stood before. An appeal that came without the history of its first answer is
    unknown, and one that was re-opened twice counts by its first answer alone.
    """
    resolved = resolve(filters)
    if not is_period_over(resolved, filters.end):
        return ReopenedSince(0, 0)
    columns = query_columns(_reopened_query(resolved, filters))
    return ReopenedSince(*(int(columns[name][0]) for name in ReopenedSince._fields))


def _reopened_query(resolved: ResolvedFilters, filters: Filters) -> Select[int, int]:
    bounds = func.unnest(*midnight_arrays(resolved, filters.start, filters.end))
    days = bounds.table_valued("region_id", "since", "until").render_derived("day")
    first_at, closed_at = appeal.c.first_answered_at, appeal.c.closed_at
    first_outcome = outcome.alias("first_outcome")
    return (
        select(func.count().label("closed"), func.count().filter(first_outcome.c.resolved).label("resolved"))
        .select_from(days)
        .join(
            appeal,
            and_(
                appeal.c.region_id == days.c.region_id,
                first_at >= days.c.since,
                first_at < days.c.until,
                or_(closed_at.is_(None), closed_at < days.c.since, closed_at >= days.c.until),
                *conditions_within_regions(resolved, appeal),
            ),
        )
        .outerjoin(first_outcome, first_outcome.c.id == appeal.c.first_outcome_id)
    )
