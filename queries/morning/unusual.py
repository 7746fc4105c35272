"""What is unusual besides surges: recurring problems of the last days that no surge covers."""

from dataclasses import replace

import pandas as pd

from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.surges.overlaps import without_overlaps

RECENT_DAYS = 28
MAX_UNUSUAL = 5


def recent_whole_days(filters: Filters) -> Filters:
    """The filters over the last 28 whole days, whatever the period: until the running day, without a comparison."""
    today = running_day(resolve(filters))[0]
    return replace(filters, start=today - RECENT_DAYS * DAY, end=today, compare="none")


def other_problems(rows: pd.DataFrame, surge_rows: pd.DataFrame) -> pd.DataFrame:
    """The first recurring problems that no surge shown covers: fewer, but at least one, the more surges there are."""
    return without_overlaps(rows, surge_rows).head(max(MAX_UNUSUAL - len(surge_rows), 1))
