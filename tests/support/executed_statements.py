"""Which questions an answer asks of the database, and by what plan they are answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit
from sqlalchemy import event

from otklik.database.engine import engine
from otklik.database.transactions import read_transaction


@dataclass(frozen=True)
class ExecutedStatement:
    """A statement and its values."""

    statement: str
    values: Any


@contextmanager
def recorded_statements() -> Iterator[list[ExecutedStatement]]:
    """Every question that is asked meanwhile; the opening of a transaction is none."""
    recorded: list[ExecutedStatement] = []

    def record(*arguments: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own arguments
        _connection, _cursor, statement, values, _context, _many = arguments
        if "set_config" not in statement:
            recorded.append(ExecutedStatement(statement, values))

    event.listen(engine(), "before_cursor_execute", record)
    try:
        yield recorded
    finally:
        event.remove(engine(), "before_cursor_execute", record)


def executed_statements(query: Callable[[], object]) -> list[ExecutedStatement]:
    """What an answer asks when nothing is cached."""
    streamlit.cache_data.clear()
    with recorded_statements() as recorded:
        query()
    return recorded


def indexes_used(statement: ExecutedStatement, table: str) -> set[str]:
    """How the plan of a question reads a table: the names of indexes, or `everything`."""
    with read_transaction() as connection:
        (plan,) = connection.exec_driver_sql(
            f"EXPLAIN (FORMAT JSON) {statement.statement}", statement.values
        ).scalar_one()
    index_names = set()
    pending = [plan["Plan"]]
    while pending:
        node = pending.pop()
        pending += node.get("Plans", [])
        if node.get("Relation Name") == table:
            child_indexes = [child["Index Name"] for child in _plan_nodes(node) if "Index Name" in child]
            index_names |= set(child_indexes or ["everything"])
    return index_names


def _plan_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _plan_nodes(child)
