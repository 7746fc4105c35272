"""Polls that close soon without their quorum."""

import pandas as pd

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.poll_list import polls_within

WITHIN_DAYS = 3
"""Local days until the day of closing, that day among them."""


@live_with(POLLS_ANNOUNCEMENT)
def closing_polls(filters: Filters) -> pd.DataFrame:
    """One row a running poll that closes within three days and lacks votes for its quorum, closing soonest first.

    Columns: number, title, territory (name), days_left, missing, needed. Other filters than territory and topic are
    ignored, the period too.
    """
    rows = polls_within(filters, "running", within_days=WITHIN_DAYS).rows
    is_short = [bool(missing) for missing in rows["missing"]]
    columns = ["number", "title", "territory", "days_left", "missing", "needed"]
    return rows.loc[is_short, columns].reset_index(drop=True)
