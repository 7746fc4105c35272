"""Plan modes: whether the server keeps one plan of a statement for all values, or plans each by its values."""

import re
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection

PREPARE_THRESHOLD = 5
"""A statement that ran this many times on a connection is prepared there."""
ONE_PLAN_KEY = "one_plan"
"""Key of a connection's info: whether its session keeps one plan for all values."""
APPEALS_PATTERN = re.compile(r"\b(open_)?fact\b")
# Cubes with one index: there is one way to find their cells, whatever the values.
SINGLE_INDEX_PATTERN = re.compile(r"\bcube_(place|intake|answer|hour|wait)")


@lru_cache(1024)
def is_planned_by_values(statement: str) -> bool:
    """Whether a statement reads appeals, so that its best plan depends on the values."""
    return bool(APPEALS_PATTERN.search(statement))


@lru_cache(1024)
def has_one_plan(statement: str) -> bool:
    """Whether a statement has one good plan for all values: planning it for each would take longer than running it."""
    return bool(SINGLE_INDEX_PATTERN.search(statement)) and not is_planned_by_values(statement)


def plan_mode_sql(statement: str) -> str:
    """The command that sets, until the end of the transaction, whether a statement has one plan for all values."""
    return f"SET LOCAL plan_cache_mode = {'force_generic_plan' if has_one_plan(statement) else 'auto'}"


def set_plan_mode(connection: Connection, cursor: psycopg.Cursor[Any], statement: str, *_rest: object) -> None:
    """Let the server keep the plan of a statement that reads cubes, and plan each that reads appeals by its values.

    Keeping plans saves half of a panel's time. But over appeals one plan for a town's week and a country's year would
    take seconds.
    """
    cursor.connection.prepare_threshold = None if is_planned_by_values(statement) else PREPARE_THRESHOLD
    if has_one_plan(statement) != connection.info.get(ONE_PLAN_KEY, False):
        cursor.connection.execute(plan_mode_sql(statement))
        connection.info[ONE_PLAN_KEY] = has_one_plan(statement)
