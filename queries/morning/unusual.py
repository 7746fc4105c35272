"""The days in which the overview looks for what is unusual."""

from dataclasses import replace

from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import resolve
from queries.filters import Filters

RECENT_DAYS = 28
MAX_UNUSUAL = 5


def recent_whole_days(filters: Filters) -> Filters:
    """The filters over the last 28 whole days, whatever the period: until the running day, without a comparison."""
    today = running_day(resolve(filters))[0]
    return replace(filters, start=today - RECENT_DAYS * DAY, end=today, compare="none")
