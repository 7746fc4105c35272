"""The statements of a panel as the screens send them, each with its plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import sql

from otklik.benchmark.panels import Panel, Statement, panel_statements, timed_statements
from otklik.database.plan_mode import plan_mode_sql
from otklik.database.transactions import read_transaction
from queries.filters import Filters

PLACEHOLDER_PATTERN = re.compile(r"%\((\w+)\)s|%%")
TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True)
class ExplainedStatement:
    """A statement with its values written into it, and the lines of its plan."""

    sql: str
    plan: list[str]


def explain_panel(panel: Panel, filters: Filters) -> Iterator[ExplainedStatement]:
    """The statements of a panel in the viewer's scope, in the order in which the screen sends them.

    Each is run once more with EXPLAIN (ANALYZE, BUFFERS), in a transaction as a screen's and in the same plan mode.
    """
    after_a_change = panel_statements(panel, filters, seconds=TIMEOUT_SECONDS)
    for statement in [*after_a_change, *timed_statements(panel, filters)]:
        with read_transaction(TIMEOUT_SECONDS) as connection:
            yield _explain(cast("psycopg.Connection[Any]", connection.connection.driver_connection), statement)


def _explain(connection: psycopg.Connection[Any], statement: Statement) -> ExplainedStatement:
    text, values = statement
    readable_sql = psycopg.ClientCursor(connection).mogrify(text, values)
    # A prepared statement has a generic plan where the plan mode asks for one, as the screens' own do.
    prepared_text, names = _numbered_parameters(text)
    arguments = sql.SQL(", ").join(sql.Literal(values[name]) for name in names)
    connection.execute(plan_mode_sql(text))
    connection.execute(f"PREPARE explained AS {prepared_text}".encode())
    call = sql.SQL("explained({})").format(arguments) if names else sql.SQL("explained")
    plan = connection.execute(sql.SQL("EXPLAIN (ANALYZE, BUFFERS) EXECUTE {}").format(call)).fetchall()
    connection.execute("DEALLOCATE explained")
    return ExplainedStatement(readable_sql.strip(), [line for (line,) in plan])


def _numbered_parameters(text: str) -> tuple[str, list[str]]:
    """A statement with $1, $2 … in place of `%(name)s`, and the names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return PLACEHOLDER_PATTERN.sub(number, text), names
