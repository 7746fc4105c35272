"""The votes of a poll at a moment: as they are now, or as they were after the first of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from queries.polls.counts import FROM_CUBES, KEYS, count_figures
from queries.statistics.voting.figures import Figure

FIRST_VOTES = (
    "(SELECT id FROM poll_ballot WHERE poll_id = :poll AND withdrawn_at IS NULL ORDER BY cast_at, id LIMIT {n})"
)
FIRST_AT_SQL = "SELECT max(cast_at) FROM poll_ballot WHERE id IN {first}"
VOTER = "b.poll_id, coalesce(b.municipality_id, 0) AS municipality_id, b.channel_id, b.age_band, b.sex, 1 AS ballots"
FIRST_TURNOUT = f"(SELECT {VOTER} FROM poll_ballot AS b WHERE b.id IN {{first}})"  # noqa: S608 - own words
FIRST_ANSWERS = f"""(
    SELECT {VOTER}, a.question_id, coalesce(a.option_id, 0) AS option_id
    FROM poll_answer AS a JOIN poll_ballot AS b ON b.id = a.ballot_id WHERE b.id IN {{first}})"""  # noqa: S608 - as above
TURNOUT = Figure(0, 0, 0)
Tables = dict[str, dict[Figure, int]]
"""The figures by dimension."""


class State(NamedTuple):
    """The votes up to a moment, None for now: how many, and the figures by dimension."""

    at: datetime | None
    ballots: int
    tables: Tables


def count_state(
    connection: Connection, poll_id: int, kinds: Mapping[int, str], sources: tuple[str, str] = FROM_CUBES
) -> State:
    """The state that the `sources` have: now, by the cubes."""
    tables = {dimension: count_figures(connection, poll_id, dimension, kinds, sources) for dimension in KEYS}
    return State(None, tables["all"].get(TURNOUT, 0), tables)


def count_first(connection: Connection, poll_id: int, kinds: Mapping[int, str], n: int) -> State:
    """The state after the first `n` votes, with their answers as they are now."""
    first = FIRST_VOTES.format(n=n)
    sources = (FIRST_TURNOUT.format(first=first), FIRST_ANSWERS.format(first=first))
    at = connection.scalar(text(FIRST_AT_SQL.format(first=first)), {"poll": poll_id})
    return count_state(connection, poll_id, kinds, sources)._replace(at=at)
