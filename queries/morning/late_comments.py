"""Discussions with comments whose official answer is late."""

import pandas as pd

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.discussion_list import discussions_within


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def late_comments(filters: Filters) -> pd.DataFrame:
    """One row a discussion with published comments past the last day for an answer, the most of them first.

    Columns: number, title, territory (name), late (how many). Other filters than territory and topic are ignored.
    """
    rows = discussions_within(filters)
    rows = rows[rows["late"].astype("int64") > 0].sort_values("late", ascending=False, kind="stable")
    return rows[["number", "title", "territory", "late"]].reset_index(drop=True)
