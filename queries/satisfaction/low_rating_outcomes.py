"""What became of answers rated 1 or 2: left closed, open again, or answered again and how that was rated."""

from typing import Any

import pandas as pd
from sqlalchemy import Select, case, func, literal, or_, select

from otklik.database.tables import appeal, territory
from otklik.database.transactions import query_dataframe
from queries.cache.background import background_timed
from queries.core.conditions import filter_conditions
from queries.core.date_ranges import select_in_days
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

MAX_LOW_RATING, MIN_GOOD_RATING = 2, 4
# In the order in which they can follow each other.
LOW_RATING_OUTCOMES = ("closed", "open", "unrated", "low", "middling", "good")
was_reopened = appeal.c.reopened > 0
low_or_reopened = or_(appeal.c.rating <= MAX_LOW_RATING, was_reopened)
# The outcome of a closed appeal.
low_rating_outcome = case(
    (~was_reopened, "closed"),
    (or_(appeal.c.rating.is_(None), appeal.c.rated_at < appeal.c.closed_at), "unrated"),
    (appeal.c.rating <= MAX_LOW_RATING, "low"),
    (appeal.c.rating >= MIN_GOOD_RATING, "good"),
    else_="middling",
).label("fate")


@background_timed
def outcome_counts(filters: Filters) -> pd.DataFrame:
    """One row per outcome of `LOW_RATING_OUTCOMES`: fate, and the appeals rated 1 or 2 or re-opened that it befell.

    `closed`: never re-opened. `open`: open again now, rated in the period. Closed again in the period, by the rating of
    the second answer (one given no earlier than that answer): `unrated`, `low`, `middling` (3) or `good`.
    """
    resolved = resolve(filters)
    appeal_count = func.count().label("appeals")
    closed_outcomes = (
        select_in_days(resolved, "closed_at", filters.start, filters.end, low_rating_outcome)
        .where(low_or_reopened)
        .subquery()
    )
    open_outcomes = currently_reopened(resolved, filters, literal("open").label("fate"), appeal_count)
    counts = pd.concat(
        [
            query_dataframe(select(closed_outcomes.c.fate, appeal_count).group_by(closed_outcomes.c.fate)),
            query_dataframe(open_outcomes),
        ]
    )
    return counts.set_index("fate").reindex(LOW_RATING_OUTCOMES, fill_value=0).astype("int64").reset_index()


def currently_reopened(resolved: ResolvedFilters, filters: Filters, *columns: Any) -> Select[Any]:  # noqa: ANN401 -- SQLAlchemy's own
    """One row per appeal that is open again and was rated in the period (received in it, if it wasn't rated)."""
    local_day = func.date(func.timezone(territory.c.timezone, func.coalesce(appeal.c.rated_at, appeal.c.received_at)))
    return (
        select(*columns)
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(appeal.c.closed_at.is_(None), low_or_reopened, *filter_conditions(resolved, appeal))
        .where(local_day >= filters.start, local_day < filters.end)
    )
