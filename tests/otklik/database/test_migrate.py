"""Migrating: from nothing to the newest version, once, whoever comes at the same time."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from otklik.database.migrate import migrate
from otklik.errors import DatabaseUnavailable
from tests.support.servers.databases import empty_database


def version(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]


def test_two_launchers_migrate_an_empty_database_at_once() -> None:
    with empty_database() as url:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(migrate, [url, url]))
        assert len(version(url)) == 1


def test_migrating_again_changes_nothing(url: str) -> None:
    before = version(url)
    migrate(url)
    assert version(url) == before


def test_a_database_of_a_newer_otklik_is_refused_and_left_alone() -> None:
    with empty_database() as url:
        migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            with pytest.raises(DatabaseUnavailable, match="newer Otklik"):
                migrate(url)
            assert version(url) == ["9999"]
            # Nor does the refused one keep the next waiting.
            locks = (
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
            assert connection.execute(locks).fetchone() == (0,)
