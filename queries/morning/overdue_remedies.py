"""Remedies of problems that should have been done by now."""

import pandas as pd
from sqlalchemy import select

from otklik.database.announcements import PROBLEMS_ANNOUNCEMENT
from otklik.database.tables import overdue_remedy
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.filters import Filters


@live_with(PROBLEMS_ANNOUNCEMENT)
def overdue_remedies(filters: Filters) -> pd.DataFrame:
    """One row per overdue remedy in the territory and topic of the filters and below both, the longest overdue first.

    Columns: problem_id, owner_id (of the problem, missing for nobody), title, territory (name), due. Other filters are
    ignored, the period too.
    """
    columns = ("problem_id", "territory_id", "topic_id", "owner_id", "title", "due")
    query = select(*(overdue_remedy.c[name] for name in columns)).order_by(overdue_remedy.c.due, overdue_remedy.c.id)
    rows = query_dataframe(query)
    resolved = resolve(filters)
    territories = dimension_members("territory", filters.language)
    within = rows["territory_id"].isin(subtree_ids(resolved.territories, territories["parent_id"]))
    if resolved.topics is not None:
        within &= rows["topic_id"].isin(resolved.topics)
    rows = rows[within].reset_index(drop=True)
    rows["territory"] = territories["name"].reindex(rows["territory_id"]).array
    return rows[["problem_id", "owner_id", "title", "territory", "due"]]
