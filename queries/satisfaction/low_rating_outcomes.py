"""What became of answers that were rated low: left as they are, or opened again and answered, and rated once more."""

from typing import Any

import pandas as pd
from sqlalchemy import Select, case, func, literal, or_, select

from otklik.database.tables import appeal, territory
from otklik.database.transactions import frame
from queries.cache.background import later
from queries.core.conditions import within
from queries.core.date_ranges import of_days
from queries.core.resolved_filters import Cut, cut
from queries.filters import Filters

LOW, GOOD = 2, 4
# In the order in which they can follow upon one another.
FATES = ("closed", "open", "unrated", "low", "middling", "good")
again = appeal.c.reopened > 0
low_or_again = or_(appeal.c.rating <= LOW, again)
# Of an appeal that is closed.
fate = case(
    (~again, "closed"),
    (or_(appeal.c.rating.is_(None), appeal.c.rated_at < appeal.c.closed_at), "unrated"),
    (appeal.c.rating <= LOW, "low"),
    (appeal.c.rating >= GOOD, "good"),
    else_="middling",
).label("fate")


@later
def of_low_ratings(filters: Filters) -> pd.DataFrame:
    """One row a fate: fate, appeals. Closed in the period and rated 1 or 2, or opened again after an answer.

    `closed`: never opened again; `open`: open again now, rated in the period; those answered again by what that answer
    was rated: `unrated` (not rated since), `low`, `middling` (3) or `good`. A rating is of the second answer if it
    isn't older.
    """
    resolved = cut(filters)
    appeal_count = func.count().label("appeals")
    closed_outcomes = of_days(resolved, "closed_at", filters.start, filters.end, fate).where(low_or_again).subquery()
    open_outcomes = still_open(resolved, filters, literal("open").label("fate"), appeal_count)
    counts = pd.concat(
        [frame(select(closed_outcomes.c.fate, appeal_count).group_by(closed_outcomes.c.fate)), frame(open_outcomes)]
    )
    return counts.set_index("fate").reindex(FATES, fill_value=0).astype("int64").reset_index()


def still_open(resolved: Cut, filters: Filters, *columns: Any) -> Select[Any]:  # noqa: ANN401 -- columns
    """One row an appeal that is open again, rated in the period (or received in it, if it was not rated)."""
    local_day = func.date(func.timezone(territory.c.timezone, func.coalesce(appeal.c.rated_at, appeal.c.received_at)))
    return (
        select(*columns)
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(appeal.c.closed_at.is_(None), low_or_again, *within(resolved, appeal))
        .where(local_day >= filters.start, local_day < filters.end)
    )
