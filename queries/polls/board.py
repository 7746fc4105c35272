"""Polls within the filters, with their turnout: those that run, are to come, and closed in the period."""

from typing import NamedTuple

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.poll_list import PollList, polls_within

MAX_SHOWN = 30
"""Of each status."""


class PollBoard(NamedTuple):
    """The published polls, at most 30 of each status, with how many there are in all.

    `running`: closing soonest first; `upcoming`: opening soonest first; `closed`: those that closed in the period, the
    latest first.
    """

    running: PollList
    upcoming: PollList
    closed: PollList


@live_with(POLLS_ANNOUNCEMENT)
def board(filters: Filters) -> PollBoard:
    """The polls in the territory and of the topic of the filters, and below both; the period is that of closing."""
    return PollBoard(
        polls_within(filters, "running", MAX_SHOWN),
        polls_within(filters, "upcoming", MAX_SHOWN),
        polls_within(filters, "closed", MAX_SHOWN, in_period=True),
    )
