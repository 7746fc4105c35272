"""What the public API asks of the database, as a role that may call six functions and read no table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import (
    Connection,
    Row,
    text,
)

from otklik.database.access.public_engine import public_engine
from otklik.database.schema import OPEN311_ROLE
from otklik.database.transactions import translate_connection_errors

STATEMENT_SECONDS = 3
MAX_BODY_LENGTH = 5000
"""Characters of a text that the view `open311_request` gives; a longer one is cut."""
PAGE = ":since, :until, :codes, :region, :only_open, :after_at, :after_region, :after_id, :skipped, :limit"
RECEIVED_SQL = text(f"SELECT * FROM open311_received({PAGE})")  # noqa: S608 -- names of parameters
CHANGED_SQL = text(f"SELECT * FROM open311_changed({PAGE}, :received_since, :received_until)")  # noqa: S608 -- the same
KEYS_SQL = text("SELECT * FROM open311_requests(:regions, :ids)")


class AppealKey(NamedTuple):
    """An appeal's primary key."""

    region_id: int
    id: int


@dataclass(frozen=True)
class Selection:
    """Which public appeals, in which order: the last received first, or, with `changed`, the first changed.

    `received` (given, unless `changed` is) and `changed` are half-open. `after`: moment (that of the order) and key of
    the last one of the page before.
    """

    limit: int
    received: tuple[datetime, datetime] | None = None
    changed: tuple[datetime, datetime] | None = None
    service_codes: Sequence[str] = ()
    is_open: bool | None = None
    region_code: str = ""
    after: tuple[datetime, AppealKey] | None = None
    skipped: int = 0


def public_services() -> list[Row[Any]]:
    """One row a topic that is published, by its code. Raises DatabaseUnavailable, QueryTimeout."""
    with _transaction() as connection:
        return list(connection.execute(text("SELECT * FROM open311_services()")))


def public_appeals(selection: Selection) -> list[Row[Any]]:
    """One row a public appeal, of the view `open311_request`. Raises DatabaseUnavailable, QueryTimeout."""
    since, until = selection.changed or selection.received or (None, None)
    received_since, received_until = selection.received or (None, None)
    after_at, after_key = selection.after or (None, None)
    values = {
        "since": since,
        "until": until,
        "codes": list(selection.service_codes) or None,
        "region": selection.region_code or None,
        "only_open": selection.is_open,
        "after_at": after_at,
        "after_region": after_key.region_id if after_key else None,
        "after_id": after_key.id if after_key else None,
        "skipped": 0 if after_key else selection.skipped,
        "limit": selection.limit,
    }
    with _transaction() as connection:
        if not selection.changed:
            return list(connection.execute(RECEIVED_SQL, values))
        received = {"received_since": received_since, "received_until": received_until}
        return list(connection.execute(CHANGED_SQL, values | received))


def public_appeals_by_key(keys: Sequence[AppealKey]) -> list[Row[Any]]:
    """One row for each of these appeals that is public. Raises DatabaseUnavailable, QueryTimeout."""
    values = {"regions": [key.region_id for key in keys], "ids": [key.id for key in keys]}
    with _transaction() as connection:
        return list(connection.execute(KEYS_SQL, values))


def is_jurisdiction(code: str) -> bool:
    """Whether a region has this code. Raises DatabaseUnavailable, QueryTimeout."""
    with _transaction() as connection:
        return bool(connection.scalar(text("SELECT open311_is_jurisdiction(:code)"), {"code": code}))


@cache
def public_id_key() -> bytes:
    """The key that public ids are encrypted with. Raises DatabaseUnavailable, QueryTimeout."""
    with _transaction(readonly=False) as connection:
        key: bytes = connection.execute(text("SELECT open311_id_key()")).scalar_one()
    return bytes(key)


@contextmanager
def _transaction(*, readonly: bool = True) -> Iterator[Connection]:
    with translate_connection_errors(), open311_engine().connect() as connection:
        connection.execution_options(postgresql_readonly=readonly)
        connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'"))
        yield connection
        connection.commit()


@cache
def open311_engine() -> sqlalchemy.Engine:
    """The engine of the public API. Raises DatabaseUnavailable."""
    return public_engine(OPEN311_ROLE, "public API")


def close_open311_engine() -> None:
    """Close the engine, if there is one; the next question makes another."""
    public_id_key.cache_clear()
    if open311_engine.cache_info().currsize:
        open311_engine().dispose()
        open311_engine.cache_clear()
