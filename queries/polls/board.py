"""Polls within the filters, with their turnout: those that run, are to come, and closed in the period."""

from typing import NamedTuple

import pandas as pd

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.poll_list import polls_within

MAX_CLOSED = 30
COLUMNS = [
    *("number", "title", "status", "territory", "topic", "opens_at", "closes_at", "days_left"),
    *("eligible", "needed", "ballots", "turnout", "missing"),
]


class PollBoard(NamedTuple):
    """The published polls: `running` (closing soonest first), `upcoming` (opening soonest first), and `closed`.

    `closed` has those that closed in the period, the latest first, at most 30 of `closed_total`. Columns: those of
    queries.lists.poll_list.polls_within without closing_day.
    """

    running: pd.DataFrame
    upcoming: pd.DataFrame
    closed: pd.DataFrame
    closed_total: int


@live_with(POLLS_ANNOUNCEMENT)
def board(filters: Filters) -> PollBoard:
    """The polls in the territory and of the topic of the filters, and below both; the period is that of closing."""
    rows = polls_within(filters)
    of_status = {status: rows[rows["status"] == status] for status in ("running", "upcoming", "closed")}
    closed = of_status["closed"]
    closed = closed[closed["closing_day"].between(filters.start, filters.end, inclusive="left")].iloc[::-1]
    upcoming = of_status["upcoming"].sort_values("opens_at", kind="stable")
    shown = (of_status["running"], upcoming, closed.head(MAX_CLOSED))
    running, upcoming, latest = (rows_of_status[COLUMNS].reset_index(drop=True) for rows_of_status in shown)
    return PollBoard(running, upcoming, latest, len(closed))
