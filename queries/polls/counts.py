"""Ballots of a poll by one property of their voters, from the cubes: the one way in which votes are counted.

Screens never show these counts: `queries.polls.published` decides which of them, and as of when.
"""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection, text

from otklik.database.functions.votes import ELSEWHERE, UNKNOWN
from otklik.database.transactions import query_dataframe
from queries.statistics.voting.figures import Figure, with_complements

# Municipalities are put together to the territories one step below the poll's; see queries.core.territory_groups.
TERRITORY_KEY = f"""
    CASE WHEN municipality_id = {UNKNOWN} THEN {UNKNOWN} ELSE coalesce((
        SELECT child.id FROM territory_above AS above JOIN territory AS child ON child.id = above.above_id
        WHERE above.territory_id = municipality_id AND child.parent_id = place.id
    ), (
        SELECT place.id WHERE municipality_id = place.id
            AND NOT EXISTS (SELECT FROM territory AS child WHERE child.parent_id = place.id)
    ), {ELSEWHERE}) END"""  # noqa: S608 - own words
KEYS = {"all": "0", "territory": TERRITORY_KEY, "channel": "channel_id", "age": "age_band", "sex": "sex"}
"""How voters are told apart: all together, or by one property; the SQL of the group's key."""
DIMENSIONS = tuple(name for name in KEYS if name != "all")
FROM_CUBES = ("poll_turnout", "poll_count")
COUNTS_SQL = """
    SELECT question_id, option_id, key, sum(ballots)::integer AS ballots FROM (
        SELECT question_id, option_id, {key} AS key, ballots FROM (
            SELECT 0 AS question_id, 0 AS option_id, municipality_id, channel_id, age_band, sex, ballots
            FROM {turnout} AS turnout WHERE poll_id = :poll
            UNION ALL
            SELECT question_id, option_id, municipality_id, channel_id, age_band, sex, ballots
            FROM {answers} AS answers WHERE poll_id = :poll
        ) AS votes, (SELECT territory_id AS id FROM poll WHERE id = :poll) AS place
    ) AS keyed GROUP BY question_id, option_id, key HAVING sum(ballots) <> 0"""
"""One statement, so that ballots and answers are of one moment."""
JOINT_SQL = f"""
    SELECT question_id, option_id, {TERRITORY_KEY} AS territory, age_band AS age, sex, sum(ballots)::integer AS ballots
    FROM (
        SELECT 0 AS question_id, 0 AS option_id, municipality_id, age_band, sex, ballots
        FROM poll_turnout WHERE poll_id = :poll
        UNION ALL SELECT question_id, option_id, municipality_id, age_band, sex, ballots
        FROM poll_count WHERE poll_id = :poll
    ) AS votes, (SELECT territory_id AS id FROM poll WHERE id = :poll) AS place
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(ballots) <> 0"""  # noqa: S608 - own words
"""Votes by all properties of which it is known how many live there."""
POPULATION_SQL = f"""
    SELECT {TERRITORY_KEY} AS territory, age_band AS age, sex, sum(people) AS people
    FROM (SELECT territory_id AS municipality_id, age_band, sex, people FROM population_group) AS living,
        (SELECT territory_id AS id FROM poll WHERE id = :poll) AS place
    WHERE EXISTS (SELECT FROM territory_above WHERE territory_id = municipality_id AND above_id = place.id)
    GROUP BY 1, 2, 3"""  # noqa: S608 - own words
"""Who lives in the poll's territory, by the same properties."""
DAYS_SQL = """
    SELECT day, sum(ballots)::integer AS ballots FROM poll_turnout WHERE poll_id = :poll
    GROUP BY day HAVING sum(ballots) <> 0 ORDER BY day"""
KINDS_SQL = "SELECT id, kind FROM poll_question WHERE poll_id = :poll"


def votes_of_days(poll_id: int) -> pd.DataFrame:
    """One row a local day with votes, in order: day, ballots."""
    return query_dataframe(text(DAYS_SQL).bindparams(poll=poll_id))


def count_figures(
    connection: Connection,
    poll_id: int,
    dimension: str,
    kinds: Mapping[int, str],
    sources: tuple[str, str] = FROM_CUBES,
) -> dict[Figure, int]:
    """Every figure of a poll by a dimension of `KEYS`, complete (`queries.statistics.voting.figures.with_complements`).

    `sources`: what to count the ballots and the answers from, with the columns of the cubes.
    """
    statement = COUNTS_SQL.format(key=KEYS[dimension], turnout=sources[0], answers=sources[1])
    rows = connection.execute(text(statement), {"poll": poll_id})
    return with_complements({Figure(row.question_id, row.option_id, row.key): row.ballots for row in rows}, kinds)


def question_kinds(connection: Connection, poll_id: int) -> dict[int, str]:
    """The kind of each question by its id."""
    return {row.id: row.kind for row in connection.execute(text(KINDS_SQL), {"poll": poll_id})}
