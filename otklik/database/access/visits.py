"""What the page of applicants asks of the database, as a role that may call five functions and read no table."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

import sqlalchemy
from sqlalchemy import Connection, text

from otklik.database.access.public_engine import public_engine
from otklik.database.access.receipts import secret_hash
from otklik.database.schema import CITIZEN_ROLE
from otklik.database.transactions import translate_connection_errors

STATEMENT_SECONDS = 5
Change = Literal["done", "no_session", "not_now"]
"""What became of a change: carried out; refused as the visit is over; or as the appeal doesn't allow it."""


class Opening(NamedTuple):
    """The token of a visit, or why there is none: `retry_seconds` after too many attempts, 0 for a wrong secret."""

    token: str | None
    retry_seconds: int = 0


def open_visit(number: str, secret: str, client: str) -> Opening:
    """Open the appeal with this number by its secret, for the client at an address. Raises DatabaseUnavailable."""
    token = secrets.token_urlsafe(32)
    values = {"number": number, "secret": secret_hash(secret), "client": client, "token": _token_hash(token)}
    with _transaction() as connection:
        row = connection.execute(text("SELECT * FROM citizen_open(:number, :secret, :client, :token)"), values).one()
    return Opening(token if row.result == "open" else None, row.retry_seconds)


def end_visit(token: str) -> None:
    """End a visit, if there is one. Raises DatabaseUnavailable."""
    with _transaction() as connection:
        connection.execute(text("SELECT citizen_leave(:token)"), {"token": _token_hash(token)})


def visited_appeal(token: str) -> dict[str, Any] | None:
    """The appeal of a visit, as the function `citizen_appeal` returns it; None when the visit is over.

    Raises DatabaseUnavailable.
    """
    with _transaction() as connection:
        appeal: dict[str, Any] | None = connection.scalar(
            text("SELECT citizen_appeal(:token)"), {"token": _token_hash(token)}
        )
    return appeal


def rate_answer(token: str, rating: int | None, verdict: str, comment: str) -> Change:
    """Rate the answer from 1 to 5 and say `yes`, `partly` or `no` to whether it resolved the matter.

    The rating counts where the answer has none yet. Raises DatabaseUnavailable.
    """
    values = {"token": _token_hash(token), "rating": rating, "verdict": verdict, "comment": comment}
    return _change("citizen_rate(:token, CAST(:rating AS integer), :verdict, :comment)", values)


def reopen_appeal(token: str, reason: str, deadline: datetime, *, by_rule: bool) -> Change:
    """Have the appeal re-opened for a reason, with a new deadline. Raises DatabaseUnavailable."""
    values = {"token": _token_hash(token), "reason": reason, "deadline": deadline, "by_rule": by_rule}
    return _change("citizen_reopen(:token, :reason, :deadline, :by_rule)", values)


def _change(call: str, values: Mapping[str, object]) -> Change:
    with _transaction() as connection:
        result: Change = connection.execute(text(f"SELECT {call}"), values).scalar_one()
    return result


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@contextmanager
def _transaction() -> Iterator[Connection]:
    with translate_connection_errors(), citizen_engine().begin() as connection:
        connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'"))
        yield connection


@cache
def citizen_engine() -> sqlalchemy.Engine:
    """The engine of the page of applicants. Raises DatabaseUnavailable."""
    return public_engine(CITIZEN_ROLE, "page of applicants")


def close_citizen_engine() -> None:
    """Close the engine, if there is one; the next visit makes another."""
    if citizen_engine.cache_info().currsize:
        citizen_engine().dispose()
        citizen_engine.cache_clear()
