"""Errors of the driver, as transactions translate them for the screens."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from otklik.actions.bulk import execute, new_operation_key
from otklik.database.transactions import read_transaction, write_transaction
from otklik.errors import DatabaseUnavailable, QueryTimeout


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("transaction", [read_transaction, write_transaction])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.QueryCanceled(), QueryTimeout),
        (psycopg.errors.AdminShutdown(), DatabaseUnavailable),
        (psycopg.errors.ConnectionFailure(), DatabaseUnavailable),
        (psycopg.OperationalError("connection refused"), DatabaseUnavailable),
        (psycopg.errors.DeadlockDetected(), OperationalError),
    ],
)
def test_a_timeout_and_an_unreachable_server_have_errors_of_their_own(
    transaction: Callable[[], AbstractContextManager[Connection]],
    error: psycopg.Error,
    expected: type[Exception],
) -> None:
    with pytest.raises(expected), transaction():
        raise OperationalError("SELECT", {}, error)


@pytest.mark.usefixtures("connection")
def test_an_action_that_the_server_could_not_finish_may_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, psycopg.errors.DeadlockDetected())

    monkeypatch.setattr("otklik.actions.operations.action_results", fail)
    with pytest.raises(DatabaseUnavailable, match="did not finish"):
        execute(new_operation_key(), "note", [], "A reason")
