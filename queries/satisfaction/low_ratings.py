"""Ratings of 1 or 2, and whether the appeals were re-opened."""

import pandas as pd
from sqlalchemy import and_, case, func, literal_column

from otklik.database.tables import appeal, given_rating, territory
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.conditions import cross_region_conditions
from queries.core.local_days import utc_bounds
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals

# A literal, as in the partial indexes: a generic plan can't match a bound value with them.
IS_LOW_RATING = given_rating.c.rating <= literal_column("2")
MAX_ROWS = 50


@live
def low_rated_appeals(filters: Filters, limit: int = MAX_ROWS) -> pd.DataFrame:
    """One row per rating of 1 or 2 given in the period, latest first; an appeal whose answers were both has two.

    Columns: number, rated_at and closed_at (local), rating, fate (`closed`: never re-opened, `again`: re-opened and
    closed again, `open`), topic, territory, organisation, channel, status.
    """
    since, until = utc_bounds(filters.start, filters.end)
    local_day = func.date(func.timezone(territory.c.timezone, given_rating.c.rated_at))
    fate = case((appeal.c.closed_at.is_(None), "open"), (appeal.c.reopened > 0, "again"), else_="closed")
    query = (
        select_appeals(given_rating.c.rated_at, appeal.c.closed_at, given_rating.c.rating, fate.label("fate"))
        .join_from(
            given_rating,
            appeal,
            and_(appeal.c.region_id == given_rating.c.region_id, appeal.c.id == given_rating.c.appeal_id),
        )
        .join(territory, territory.c.id == appeal.c.region_id)
        # The index of low ratings is read from its end until there are enough.
        .where(
            IS_LOW_RATING,
            given_rating.c.rated_at >= since,
            given_rating.c.rated_at < until,
            *cross_region_conditions(resolve(filters), appeal),
        )
        .where(local_day >= filters.start, local_day < filters.end)
        .order_by(given_rating.c.rated_at.desc(), appeal.c.number)
        .limit(limit)
    )
    return format_appeal_rows(query_dataframe(query), filters.language)
