"""Which questions an answer asks of the database, and by what plan they are answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit
from sqlalchemy import event

from otklik.database.engine import engine
from otklik.database.transactions import reading


@dataclass(frozen=True)
class Question:
    """A statement and its values."""

    statement: str
    values: Any


@contextmanager
def hearing() -> Iterator[list[Question]]:
    """Every question that is asked meanwhile; the opening of a transaction is none."""
    heard: list[Question] = []

    def hear(*asked: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own arguments
        _connection, _cursor, statement, values, _context, _many = asked
        if "set_config" not in statement:
            heard.append(Question(statement, values))

    event.listen(engine(), "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine(), "before_cursor_execute", hear)


def questions(answer: Callable[[], object]) -> list[Question]:
    """What an answer asks when nothing is cached."""
    streamlit.cache_data.clear()
    with hearing() as heard:
        answer()
    return heard


def scans(question: Question, table: str) -> set[str]:
    """How the plan of a question reads a table: the names of indexes, or `everything`."""
    with reading() as connection:
        (plan,) = connection.exec_driver_sql(
            f"EXPLAIN (FORMAT JSON) {question.statement}", question.values
        ).scalar_one()
    found = set()
    waiting = [plan["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if node.get("Relation Name") == table:
            below = [one["Index Name"] for one in _all(node) if "Index Name" in one]
            found |= set(below or ["everything"])
    return found


def _all(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for one in node.get("Plans", []):
        yield from _all(one)
