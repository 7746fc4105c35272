"""Reading: one short read-only transaction an answer, cut off before a screen would seem dead."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import psycopg
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import OperationalError

from database.engine import engine

SECONDS = 5.0


class TooSlow(Exception):
    """A panel's question took longer than it may; narrower filters help."""


@contextmanager
def reading(seconds: float = SECONDS) -> Iterator[Connection]:
    """A read-only transaction whose statements end after `seconds`. Raises TooSlow."""
    with engine().connect() as connection:
        connection.exec_driver_sql(
            "SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', %s, true)",
            (str(int(seconds * 1000)),),
        )
        try:
            yield connection
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise TooSlow from error
            raise


def frame(question: Executable, seconds: float = SECONDS) -> pd.DataFrame:
    """The answer to one question, its columns named as asked. Raises TooSlow."""
    with reading(seconds) as connection:
        answer = connection.execute(question)
        return pd.DataFrame(answer.fetchall(), columns=list(answer.keys()))
