"""Discussions within the filters by their phase; those that were decided, in the period."""

from typing import NamedTuple

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.discussion_list import DiscussionList, discussions_within

MAX_SHOWN = 30
"""Of each phase."""


class DiscussionBoard(NamedTuple):
    """The published discussions, at most 30 of each phase, with how many there are in all.

    `collecting` comments and `summing_up`: closing first; `announced`: opening first; `closed`: those that were decided
    in the period, the latest first.
    """

    collecting: DiscussionList
    summing_up: DiscussionList
    announced: DiscussionList
    closed: DiscussionList


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def board(filters: Filters) -> DiscussionBoard:
    """The discussions in the territory and of the topic of the filters, and below both; the period is of decisions."""
    return DiscussionBoard(
        discussions_within(filters, "collecting", MAX_SHOWN),
        discussions_within(filters, "summing_up", MAX_SHOWN),
        discussions_within(filters, "announced", MAX_SHOWN),
        discussions_within(filters, "closed", MAX_SHOWN, in_period=True),
    )
