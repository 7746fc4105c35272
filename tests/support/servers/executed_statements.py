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
    """How the plan of a question reads a table: the names of indexes, or `everything`.

    A row that is looked up by its whole key, beside a row of another table, is not counted.
    """
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
            indexed_nodes = [child for child in _plan_nodes(node) if "Index Name" in child]
            if not indexed_nodes:
                index_names.add("everything")
            index_names |= {child["Index Name"] for child in indexed_nodes if not _looks_up_one_row(child)}
    return index_names


def _looks_up_one_row(node: dict[str, Any]) -> bool:
    """Whether an index scan is for one value of the primary key's last column, `id`, at a time."""
    return bool(node["Index Name"].endswith("_pkey") and "(id = " in node.get("Index Cond", ""))


def _plan_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _plan_nodes(child)
