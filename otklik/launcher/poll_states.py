"""The votes of a poll at a moment: as they are now, or as they were after the first of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from queries.polls.counts import GROUPINGS, count_figures
from queries.statistics.voting.figures import Figure, with_complements

FIRST_VOTES = """
    SELECT b.id, b.cast_at, b.channel_id AS channel, b.age_band AS age, b.sex,
        CASE WHEN b.municipality_id IS NULL THEN 0 ELSE coalesce(part.part_id, -1) END AS territory
    FROM poll_ballot AS b JOIN poll AS p ON p.id = b.poll_id
    LEFT JOIN territory_part AS part ON part.above_id = p.territory_id AND part.territory_id = b.municipality_id
    WHERE b.poll_id = :poll AND b.withdrawn_at IS NULL ORDER BY b.cast_at, b.id LIMIT :n"""
FIRST_AT_SQL = f"SELECT max(cast_at) FROM ({FIRST_VOTES}) AS first"  # noqa: S608 - own words
# `others` has a bit for each property, in their order, by which the row doesn't tell voters apart.
FIRST_COUNTS_SQL = f"""
    WITH first AS ({FIRST_VOTES}), votes AS (
        SELECT 0 AS question_id, 0 AS option_id, territory, channel, age, sex FROM first
        UNION ALL
        SELECT a.question_id, coalesce(a.option_id, 0), territory, channel, age, sex
        FROM first JOIN poll_answer AS a ON a.ballot_id = first.id
    )
    SELECT question_id, option_id, coalesce(territory, channel, age, sex, 0) AS key, count(*) AS ballots,
        grouping(territory, channel, age, sex) AS others
    FROM votes
    GROUP BY question_id, option_id, GROUPING SETS ((), (territory), (channel), (age), (sex))"""  # noqa: S608 - own words
DIMENSION_OF_OTHERS = {0b1111: "all", 0b0111: "territory", 0b1011: "channel", 0b1101: "age", 0b1110: "sex"}
TURNOUT = Figure(0, 0, 0)
Tables = dict[str, dict[Figure, int]]
"""The figures by dimension."""


class State(NamedTuple):
    """The votes up to a moment, None for now: how many, and the figures by dimension."""

    at: datetime | None
    ballots: int
    tables: Tables


def count_state(connection: Connection, poll_id: int, kinds: Mapping[int, str]) -> State:
    """The state now, by the cubes."""
    tables = {dimension: count_figures(connection, poll_id, dimension, kinds) for dimension in GROUPINGS}
    return State(None, tables["all"].get(TURNOUT, 0), tables)


def count_first(connection: Connection, poll_id: int, kinds: Mapping[int, str], n: int) -> State:
    """The state after the first `n` votes, with their answers as they are now."""
    values = {"poll": poll_id, "n": n}
    people: Tables = {dimension: {} for dimension in GROUPINGS}
    for row in connection.execute(text(FIRST_COUNTS_SQL), values):
        people[DIMENSION_OF_OTHERS[row.others]][Figure(row.question_id, row.option_id, row.key)] = row.ballots
    tables = {dimension: with_complements(figures, kinds) for dimension, figures in people.items()}
    return State(connection.scalar(text(FIRST_AT_SQL), values), tables["all"].get(TURNOUT, 0), tables)
