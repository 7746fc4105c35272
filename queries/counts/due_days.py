"""Open appeals by the local day of their deadline, counted from the running day."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_

from otklik.database.tables import appeal
from queries.core.appeal_state import QUEUE_DEADLINE, has_passed
from queries.core.date_ranges import column_in_days
from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import ResolvedFilters


class DueRange(NamedTuple):
    """The local days [first, end) of deadlines, counted from the running day, and whether the deadline has passed.

    Without an end, all days since the first.
    """

    first: int
    end: int | None
    has_passed: bool


WEEK_DAYS = 7
DUE_RANGES = {
    "today": DueRange(0, 1, has_passed=False),
    "tomorrow": DueRange(1, 2, has_passed=False),
    "week": DueRange(0, WEEK_DAYS, has_passed=False),
    "missed": DueRange(-1, None, has_passed=True),
    "yesterday": DueRange(-1, 0, has_passed=True),
}
"""By code: due today, tomorrow and within 7 days, and not passed; missed since yesterday began; missed yesterday."""


def due_condition(resolved: ResolvedFilters, code: str) -> ColumnElement[bool]:
    """Whether the deadline of an open appeal is in a range of `DUE_RANGES`."""
    due_range, (today, _) = DUE_RANGES[code], running_day(resolved)
    end = None if due_range.end is None else today + due_range.end * DAY
    # The form that the index of the queue has; one without a deadline lies in no range.
    in_time = has_passed(QUEUE_DEADLINE) if due_range.has_passed else ~has_passed(QUEUE_DEADLINE)
    return and_(
        in_time,
        appeal.c.deadline_at.is_not(None),
        column_in_days(resolved, QUEUE_DEADLINE, today + due_range.first * DAY, end),
    )
