"""Connections: to which database, and what becomes of them when the server restarts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.exc import DataError

from otklik.database.engine import current_database_url, database_engine, engine
from otklik.database.plan_mode import PREPARE_THRESHOLD
from otklik.database.server import postmaster
from otklik.database.server.embedded import EmbeddedServer
from otklik.database.transactions import query_dataframe
from otklik.errors import DatabaseUnavailable
from tests.support.servers.data_folders import data_folder_with_cluster


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of our own that the settings name, and nothing else does."""
    with data_folder_with_cluster() as folder:
        monkeypatch.setenv("OTKLIK_DATA", str(folder))
        monkeypatch.delenv("OTKLIK_ADDRESS", raising=False)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.delenv("OTKLIK_APP_URL", raising=False)
        yield folder


def test_the_launchers_word_goes_before_the_settings(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatabaseUnavailable, match=f"No database runs in {data}: start one with `otklik run`"):
        current_database_url()
    with EmbeddedServer(data) as server:
        assert current_database_url() == server.url.replace("//otklik@", "//otklik_app@")
        monkeypatch.setenv(
            "DATABASE_URL", "postgres://centre@db/otklik?options=-c%20search_path%3Dpublic&sslmode=require"
        )
        assert current_database_url() == (
            "postgresql://centre@db/otklik?options=-c%20search_path%3Dpublic%20-c%20role%3Dotklik_app&sslmode=require"
        )
        monkeypatch.setenv("OTKLIK_APP_URL", "postgres://screens@db/otklik")
        assert current_database_url() == "postgresql://screens@db/otklik"
        monkeypatch.setenv("OTKLIK_ADDRESS", "postgresql://launcher@db/otklik")
        assert current_database_url() == "postgresql://launcher@db/otklik"


def test_sessions_speak_utc_and_say_who_they_are(url: str) -> None:
    assert url
    with engine().connect() as connection:
        assert connection.scalar(text("SHOW TimeZone")) == "UTC"
        assert connection.scalar(text("SHOW application_name")) == "otklik"


def test_the_engine_is_at_the_tests_own_database(url: str) -> None:
    with engine().connect() as connection:
        assert connection.scalar(text("SELECT current_database()")) in url


@pytest.mark.usefixtures("url")
def test_an_error_says_nothing_of_the_values() -> None:
    with engine().connect() as connection, pytest.raises(DataError) as raised:
        connection.execute(text("SELECT 1 / (length(:said) - 9)"), {"said": "Anna Ivić"})
    assert "division by zero" in str(raised.value)
    assert "Anna" not in str(raised.value)


def test_plans_of_questions_to_the_cubes_are_kept_and_to_the_appeals_made_anew(url: str) -> None:
    assert url
    # A connection of the pool may know statements of the tests before.
    engine().dispose()
    with engine().connect() as connection:
        for relation, day in (("cube_place", "day"), ("fact", "day"), ("open_fact", "received_day")):
            for _ in range(PREPARE_THRESHOLD + 2):
                connection.execute(
                    text(f"SELECT count(*) FROM {relation} WHERE {day} = :day"), {"day": date(2026, 1, 1)}
                )
        plans = (
            connection.execute(text("SELECT statement FROM pg_prepared_statements WHERE statement ~ '^SELECT count'"))
            .scalars()
            .all()
        )
    assert [statement.split()[3] for statement in plans] == ["cube_place"]


def test_a_plan_outlives_the_transaction_it_was_made_in(url: str) -> None:
    assert url
    engine().dispose()
    for _ in range(PREPARE_THRESHOLD + 2):
        query_dataframe(text("SELECT count(*) AS counted FROM cube_place"))
    plans = query_dataframe(text("SELECT statement FROM pg_prepared_statements"))["statement"]
    assert "SELECT count(*) AS counted FROM cube_place" in list(plans)


def test_connections_that_the_server_cut_are_replaced_unnoticed(data: Path) -> None:
    with EmbeddedServer(data) as server:
        pool = database_engine(server.url)
        with pool.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        server.stop()
        with pytest.raises(sqlalchemy.exc.OperationalError), pool.connect():
            pass
        server.ensure_running()
        assert postmaster.accepts_connections(server.url)
        with pool.connect() as connection:
            assert connection.scalar(text("SELECT 2")) == 2
        pool.dispose()
