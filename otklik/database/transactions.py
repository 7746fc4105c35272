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

# How many seconds one question may take; who measures or reports may wait longer than a screen.
patience: ContextVar[float] = ContextVar("patience", default=5.0)


class TooSlow(Exception):
    """A panel's question took longer than it may; narrower filters help."""


@contextmanager
def reading(seconds: float | None = None) -> Iterator[Connection]:
    """A read-only transaction at one moment, whose statements end in time. Raises TooSlow, Rescoped."""
    with engine().connect() as connection:
        # One snapshot: who is rescoped meanwhile is so from the next transaction on.
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        scope.begin(connection, seconds or patience.get())
        try:
            yield connection
            # Rolled back, it would take the plans with it that the driver has let the server keep.
            connection.commit()
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise TooSlow from error
            raise


@contextmanager
def writing() -> Iterator[Connection]:
    """A transaction that calls the database's functions; committed at the end, undone by an error. Raises Rescoped."""
    with engine().begin() as connection:
        scope.begin(connection, patience.get())
        yield connection


def frame(statement: Executable, seconds: float | None = None) -> pd.DataFrame:
    """The answer to one question, its columns named as asked. Raises TooSlow, Rescoped."""
    with reading(seconds) as connection:
        result = connection.execute(statement)
        # Plain tuples: of SQLAlchemy's rows pandas asks what they don't have, which costs as much as the question.
        return pd.DataFrame([tuple(row) for row in result.all()], columns=list(result.keys()))


def columns(statement: Executable, seconds: float | None = None) -> dict[str, tuple[Any, ...]]:
    """The same as the values of each column, by its name: for a few rows a frame costs more than their question."""
    with reading(seconds) as connection:
        result = connection.execute(statement)
        names, rows = list(result.keys()), result.all()
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
