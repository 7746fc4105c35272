"""Transactions of the screens: short, in the viewer's scope, cut off before a screen would seem dead."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import OperationalError

from otklik.database import scope
from otklik.database.engine import engine
from otklik.errors import QueryTimeout

# How many seconds one question may take; who measures or reports may wait longer than a screen.
statement_timeout: ContextVar[float] = ContextVar("patience", default=5.0)


@contextmanager
def read_transaction(seconds: float | None = None) -> Iterator[Connection]:
    """A read-only transaction at one moment, whose statements end in time. Raises TooSlow, Rescoped."""
    with engine().connect() as connection:
        # One snapshot: who is rescoped meanwhile is so from the next transaction on.
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        scope.begin_transaction(connection, seconds or statement_timeout.get())
        try:
            yield connection
            # Rolled back, it would take the plans with it that the driver has let the server keep.
            connection.commit()
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise QueryTimeout from error
            raise


@contextmanager
def write_transaction() -> Iterator[Connection]:
    """A transaction that calls the database's functions; committed at the end, undone by an error. Raises Rescoped."""
    with engine().begin() as connection:
        scope.begin_transaction(connection, statement_timeout.get())
        yield connection


def query_dataframe(statement: Executable, seconds: float | None = None) -> pd.DataFrame:
    """The answer to one question, its columns named as asked. Raises TooSlow, Rescoped."""
    with read_transaction(seconds) as connection:
        result = connection.execute(statement)
        # Plain tuples: of SQLAlchemy's rows pandas asks what they don't have, which costs as much as the question.
        return pd.DataFrame([tuple(row) for row in result.all()], columns=list(result.keys()))


def query_columns(statement: Executable, seconds: float | None = None) -> dict[str, tuple[Any, ...]]:
    """The same as the values of each column, by its name: for a few rows a frame costs more than their question."""
    with read_transaction(seconds) as connection:
        result = connection.execute(statement)
        names, rows = list(result.keys()), result.all()
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
