"""Ballots of a poll by one property of their voters, from the cubes: the one way in which votes are counted.

Screens never show these counts: `queries.polls.published` decides which of them, and as of when.
"""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection, text

from otklik.database.cubes.cube_tables import VOTER_GROUPS
from otklik.database.transactions import query_dataframe
from queries.statistics.voting.figures import Figure, with_complements

SUMS = ", ".join(f"sum({column}) AS {column}" for column in VOTER_GROUPS)
ALL_GROUPS = " + ".join(f"coalesce({column}, 0)" for column in VOTER_GROUPS)
CELLS = ", ".join(f"({band}, {sex}, {column})" for column, (band, sex) in VOTER_GROUPS.items())
BY_CHANNEL_SQL = """
    SELECT question_id, option_id, {key} AS key, sum(ballots)::integer AS ballots
    FROM poll_channel_votes WHERE poll_id = :poll GROUP BY 1, 2, 3 HAVING sum(ballots) <> 0"""
BY_TERRITORY_SQL = f"""
    SELECT * FROM (
        SELECT question_id, option_id, part_id AS key, {ALL_GROUPS} AS ballots
        FROM poll_group_votes WHERE poll_id = :poll
    ) AS part WHERE ballots <> 0"""  # noqa: S608 - own words
BY_GROUP_SQL = f"""
    SELECT question_id, option_id, cell.{{key}} AS key, sum(cell.ballots)::integer AS ballots
    FROM (
        SELECT question_id, option_id, {SUMS} FROM poll_group_votes WHERE poll_id = :poll GROUP BY 1, 2
    ) AS total CROSS JOIN LATERAL (VALUES {CELLS}) AS cell (age_band, sex, ballots)
    GROUP BY 1, 2, 3 HAVING sum(cell.ballots) <> 0"""  # noqa: S608 - own words
COUNTS_SQL = {
    "all": BY_CHANNEL_SQL.format(key="0"),
    "territory": BY_TERRITORY_SQL,
    "channel": BY_CHANNEL_SQL.format(key="channel_id"),
    "age": BY_GROUP_SQL.format(key="age_band"),
    "sex": BY_GROUP_SQL.format(key="sex"),
}
"""How voters are told apart: all together, or by one property; one statement of each counts ballots and answers.

So both are of one moment. The key of a territory is that of a part of the poll's one, UNKNOWN or ELSEWHERE.
"""
GROUPINGS = tuple(COUNTS_SQL)
DIMENSIONS = tuple(name for name in COUNTS_SQL if name != "all")
GROUP_VOTES_SQL = f"""
    SELECT question_id, option_id, part_id AS territory, {", ".join(VOTER_GROUPS)}
    FROM poll_group_votes WHERE poll_id = :poll"""  # noqa: S608 - own words
DAYS_SQL = """
    SELECT day, sum(ballots)::integer AS ballots FROM poll_turnout WHERE poll_id = :poll
    GROUP BY day HAVING sum(ballots) <> 0 ORDER BY day"""
KINDS_SQL = "SELECT id, kind FROM poll_question WHERE poll_id = :poll"


def votes_of_days(poll_id: int) -> pd.DataFrame:
    """One row a local day with votes, in order: day, ballots."""
    return query_dataframe(text(DAYS_SQL).bindparams(poll=poll_id))


def votes_of_groups(poll_id: int) -> pd.DataFrame:
    """One row an option and part of the poll's territory: question_id, option_id, territory, and the ballots by group.

    The groups are the columns of `VOTER_GROUPS`, age bands with sexes; missing where there are none. Question and
    option 0 are the ballots themselves.
    """
    return query_dataframe(text(GROUP_VOTES_SQL).bindparams(poll=poll_id))


def count_figures(connection: Connection, poll_id: int, dimension: str, kinds: Mapping[int, str]) -> dict[Figure, int]:
    """Every figure of a poll by a dimension, complete (`queries.statistics.voting.figures.with_complements`)."""
    rows = connection.execute(text(COUNTS_SQL[dimension]), {"poll": poll_id})
    return with_complements({Figure(row.question_id, row.option_id, row.key): row.ballots for row in rows}, kinds)


def question_kinds(connection: Connection, poll_id: int) -> dict[int, str]:
    """The kind of each question by its id."""
    return {row.id: row.kind for row in connection.execute(text(KINDS_SQL), {"poll": poll_id})}
