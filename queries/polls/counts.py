"""Ballots of a poll by one property of their voters, from the cubes: the one way in which screens count votes."""

import pandas as pd
from sqlalchemy import text

from otklik.database.transactions import query_dataframe
from queries.core.territory_groups import ELSEWHERE, UNKNOWN, territory_groups

KEY_COLUMNS = {"territory": "municipality_id", "channel": "channel_id", "age": "age_band", "sex": "sex"}
DIMENSIONS = tuple(KEY_COLUMNS)
COUNTS_SQL = """
    SELECT 0 AS question_id, 0 AS option_id, {key} AS key, sum(ballots)::integer AS ballots
    FROM poll_turnout WHERE poll_id = :poll GROUP BY 1, 2, 3 HAVING sum(ballots) <> 0
    UNION ALL SELECT question_id, option_id, {key}, sum(ballots)::integer
    FROM poll_count WHERE poll_id = :poll GROUP BY 1, 2, 3 HAVING sum(ballots) <> 0"""
"""One statement, so that ballots and answers are of one moment."""


def counts(poll_id: int, key_column: str = "0") -> pd.DataFrame:
    """One row a question, option and key: how many ballots chose it; in rows of question 0, how many there are.

    `key_column`: a column of the cubes, or 0 for all together. Columns: question_id, option_id, key, ballots.
    """
    return query_dataframe(text(COUNTS_SQL.format(key=key_column)).bindparams(poll=poll_id))


def grouped_counts(poll_id: int, territory_id: int, dimension: str) -> pd.DataFrame:
    """`counts` by a dimension, municipalities put together to the territories one step below the poll's."""
    rows = counts(poll_id, KEY_COLUMNS[dimension])
    if dimension == "territory":
        groups = territory_groups(territory_id)
        keys = [UNKNOWN if key == UNKNOWN else groups.get(key, ELSEWHERE) for key in rows["key"].tolist()]
        rows = (
            rows.assign(key=keys).groupby(["question_id", "option_id", "key"], as_index=False).agg({"ballots": "sum"})
        )
    return rows
