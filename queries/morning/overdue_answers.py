"""Comments of discussions whose official answer is late."""

import pandas as pd

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.discussion_list import late_answers_within


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def overdue_answers(filters: Filters) -> pd.DataFrame:
    """One row a discussion with comments past the last day for an answer: queries.lists.discussion_list."""
    return late_answers_within(filters)
