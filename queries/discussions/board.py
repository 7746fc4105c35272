"""Discussions within the filters by their phase; those that were decided, in the period."""

from typing import NamedTuple

import pandas as pd

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.discussion_list import discussions_within

MAX_CLOSED = 30
COLUMNS = [
    *("number", "title", "phase", "territory", "topic", "opens_at", "closes_at", "decided_at", "days_left"),
    *("comments", "participants", "pending", "pending_days", "unanswered", "late"),
]


class DiscussionBoard(NamedTuple):
    """The published discussions: `collecting` comments and `summing_up` (closing first), `announced` and `closed`.

    `announced` by their opening; `closed` has those that were decided in the period, the latest first, at most 30 of
    `closed_total`. Columns: those of queries.lists.discussion_list.discussions_within.
    """

    collecting: pd.DataFrame
    summing_up: pd.DataFrame
    announced: pd.DataFrame
    closed: pd.DataFrame
    closed_total: int


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def board(filters: Filters) -> DiscussionBoard:
    """The discussions in the territory and of the topic of the filters, and below both; the period is of decisions."""
    rows = discussions_within(filters)
    of_phase = {phase: rows[rows["phase"] == phase] for phase in ("collecting", "summing_up", "announced", "closed")}
    closed = of_phase["closed"]
    closed = closed[closed["decision_day"].between(filters.start, filters.end, inclusive="left")]
    closed = closed.sort_values("decided_at", ascending=False, kind="stable")
    announced = of_phase["announced"].sort_values("opens_at", kind="stable")
    shown = (of_phase["collecting"], of_phase["summing_up"], announced, closed.head(MAX_CLOSED))
    collecting, summing_up, upcoming, latest = (phase_rows[COLUMNS].reset_index(drop=True) for phase_rows in shown)
    return DiscussionBoard(collecting, summing_up, upcoming, latest, len(closed))
