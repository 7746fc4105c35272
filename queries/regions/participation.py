"""Polls and discussions of a territory that go on, and how many answers are late."""

from typing import NamedTuple

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from queries.cache.live import live_with
from queries.filters import Filters
from queries.lists.discussion_list import count_discussions, late_answers_within
from queries.lists.poll_list import count_polls


class Participation(NamedTuple):
    """How many polls run, how many discussions collect comments, and how many answers to comments are late in any."""

    polls: int
    discussions: int
    late: int


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def participation(filters: Filters) -> Participation:
    """Of the territory and topic of the filters, and below both; other filters are ignored."""
    return Participation(
        count_polls(filters, "running"),
        count_discussions(filters, "collecting"),
        int(late_answers_within(filters)["late"].sum()),
    )
