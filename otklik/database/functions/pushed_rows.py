"""Leaving rows that were pushed over HTTP, and reading what became of them; by a token, without a viewer."""

import hashlib
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.access.scope import acting_as
from otklik.database.transactions import read_transaction, write_transaction

NOTHING_PUSHED, PAUSED = 0, -1
"""In place of a request's number: there is no data source to push to at all; it is paused."""


def token_hash(token: str) -> bytes:
    """The hash of a token, which alone is stored."""
    return hashlib.sha256(token.encode()).digest()


def push_rows(name: str, token: str, rows: list[dict[str, Any]]) -> int | None:
    """Leave rows for the data source of a name; returns the number of the request, None for a wrong name or token.

    Or `NOTHING_PUSHED`, `PAUSED`. Raises DatabaseUnavailable, QueryTimeout.
    """
    statement = text("SELECT push_rows(:name, :hash, :rows)").bindparams(bindparam("rows", type_=JSONB))
    with acting_as(None), write_transaction() as connection:
        number = connection.scalar(statement, {"name": name, "hash": token_hash(token), "rows": rows})
    return None if number is None else int(number)


def push_results(name: str, token: str, request: int) -> tuple[bool, list[dict[str, str]] | None]:
    """Whether there is such a request, and what became of its rows in their order, None while they wait.

    Each result has number, result (new, changed, unchanged, rejected) and for a rejected row the reason. Raises
    DatabaseUnavailable, QueryTimeout.
    """
    statement = text("SELECT results FROM push_results(:name, :hash, :request)")
    with acting_as(None), read_transaction() as connection:
        row = connection.execute(statement, {"name": name, "hash": token_hash(token), "request": request}).one_or_none()
    return row is not None, row.results if row else None
