"""Appeals rated 1 or 2, and whether they were re-opened."""

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, literal_column, select

from otklik.database.tables import appeal, territory
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.conditions import cross_region_conditions, filter_conditions
from queries.core.local_days import utc_bounds
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals

# A literal, as in the partial index: a generic plan can't match a bound value with it.
IS_LOW_RATING = appeal.c.rating <= literal_column("2")
MAX_ROWS = 50


@live
def low_rated_appeals(filters: Filters, limit: int = MAX_ROWS) -> pd.DataFrame:
    """One row per appeal rated 1 or 2 that was closed in the period, or is open again and was rated in it.

    Latest first, by the close or else the rating. Columns: number, rated_at and closed_at (local), rating, fate
    (`closed`: never re-opened, `again`: re-opened and closed again, `open`), topic, territory, organisation, channel,
    status.
    """
    resolved = resolve(filters)
    closed_query = _closed_low_rated_query(resolved, filters, limit)
    open_query = _open_low_rated_query(resolved, filters, limit)
    both = closed_query.union_all(open_query).subquery()
    rows = query_dataframe(
        select(both).order_by(func.coalesce(both.c.closed_at, both.c.rated_at).desc(), both.c.number).limit(limit)
    )
    return format_appeal_rows(rows, filters.language)


def _low_rated_query(outcome_column: ColumnElement[str]) -> Select[Any]:
    return select_appeals(appeal.c.rated_at, appeal.c.closed_at, appeal.c.rating, outcome_column.label("fate"))


def _closed_low_rated_query(resolved: ResolvedFilters, filters: Filters, limit: int) -> Select[Any]:
    """The last closed ones, by the index of low ratings, which is read from its end until there are enough."""
    since, until = utc_bounds(filters.start, filters.end)
    local_day = func.date(func.timezone(territory.c.timezone, appeal.c.closed_at))
    outcome_column = case((appeal.c.reopened > 0, cast("again", String)), else_="closed")
    return (
        _low_rated_query(outcome_column)
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(
            IS_LOW_RATING,
            appeal.c.closed_at >= since,
            appeal.c.closed_at < until,
            *cross_region_conditions(resolved, appeal),
        )
        .where(local_day >= filters.start, local_day < filters.end)
        .order_by(appeal.c.closed_at.desc())
        .limit(limit)
    )


def _open_low_rated_query(resolved: ResolvedFilters, filters: Filters, limit: int) -> Select[Any]:
    """Those that are open again, by the index of the queue."""
    local_day = func.date(func.timezone(territory.c.timezone, appeal.c.rated_at))
    return (
        _low_rated_query(literal("open"))
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(appeal.c.closed_at.is_(None), IS_LOW_RATING, *filter_conditions(resolved, appeal))
        .where(local_day >= filters.start, local_day < filters.end)
        .order_by(appeal.c.rated_at.desc())
        .limit(limit)
    )
