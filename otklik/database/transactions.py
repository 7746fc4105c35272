"""Transactions of the screens: short, in the viewer's scope, with a statement timeout, their errors translated."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import OperationalError

from otklik.database.access import scope
from otklik.database.engine import engine
from otklik.database.outage import outage
from otklik.errors import DatabaseUnavailable, QueryTimeout

QUERY_CANCELED = "57014"
"""SQLSTATE of a statement that reached its timeout."""
UNREACHABLE_CLASSES = ("08", "57P")
"""How the SQLSTATEs of a server begin that is away, starting or shutting down."""
statement_timeout: ContextVar[float] = ContextVar("statement_timeout", default=5.0)
"""Seconds that one statement may take; actions, reports and benchmarks allow more than a screen does."""


@contextmanager
def translate_connection_errors() -> Iterator[None]:
    """Raise QueryTimeout for a cancelled statement, DatabaseUnavailable where the server is away; others pass."""
    try:
        yield
    except DatabaseUnavailable as error:
        outage.note_failure(error)
        raise
    except OperationalError as error:
        sqlstate = getattr(error.orig, "sqlstate", None)
        if sqlstate == QUERY_CANCELED:
            raise QueryTimeout from error
        # The driver's own failures to connect have no SQLSTATE.
        if sqlstate is None or sqlstate.startswith(UNREACHABLE_CLASSES):
            unavailable = DatabaseUnavailable(f"The database went away ({' '.join(str(error.orig).split())}).")
            outage.note_failure(unavailable)
            raise unavailable from error
        raise
    else:
        outage.note_success()


@contextmanager
def read_transaction(seconds: float | None = None) -> Iterator[Connection]:
    """A read-only transaction on one snapshot; `seconds` is its statement timeout, by default `statement_timeout`.

    Raises QueryTimeout, ScopeChanged, DatabaseUnavailable.
    """
    with translate_connection_errors(), engine().connect() as connection:
        # On one snapshot a change of the viewer's scope takes effect with the next transaction.
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        scope.begin_transaction(connection, seconds or statement_timeout.get())
        yield connection
        # A rollback would discard the prepared statements of this transaction.
        connection.commit()


@contextmanager
def write_transaction() -> Iterator[Connection]:
    """A transaction that calls the database's functions; committed at the end, rolled back by an error.

    Raises QueryTimeout, ScopeChanged, DatabaseUnavailable.
    """
    with translate_connection_errors(), engine().begin() as connection:
        scope.begin_transaction(connection, statement_timeout.get())
        yield connection


def query_dataframe(statement: Executable, seconds: float | None = None) -> pd.DataFrame:
    """The rows of a query, with its column names. Raises QueryTimeout, ScopeChanged, DatabaseUnavailable."""
    with read_transaction(seconds) as connection:
        result = connection.execute(statement)
        # Plain tuples: pandas probes SQLAlchemy's rows for attributes, which takes as long as the query itself.
        return pd.DataFrame([tuple(row) for row in result.all()], columns=list(result.keys()))


def query_columns(statement: Executable, seconds: float | None = None) -> dict[str, tuple[Any, ...]]:
    """The values of each column of a query by its name: for a few rows a data frame would cost more than the query.

    Raises QueryTimeout, ScopeChanged, DatabaseUnavailable.
    """
    with read_transaction(seconds) as connection:
        result = connection.execute(statement)
        names, rows = list(result.keys()), result.all()
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
