"""Every test that asks for `url` or `connection` has an empty, migrated database to itself."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
import sqlalchemy
from psycopg import sql

from database.engine import engine
from database.migrate import migrate
from tests.servers import empty_database


@dataclass(frozen=True)
class Migrated:
    """A migrated database: its address, the tables that it came with empty, and the last id in each other."""

    url: str
    empty: list[str]
    seeded: dict[str, int]


@pytest.fixture(scope="session")
def migrated() -> Iterator[Migrated]:
    with empty_database() as url, pytest.MonkeyPatch.context() as environ:
        environ.setenv("OTKLIK_ADDRESS", url)
        engine.cache_clear()
        migrate(url)
        yield _survey(url)
        # The server ends after its clients.
        engine().dispose()
        engine.cache_clear()


@pytest.fixture
def url(migrated: Migrated) -> str:
    """The address, in libpq's form, of the database that `engine()` is at: migrated, and without an appeal."""
    _empty(migrated)
    if streamlit := sys.modules.get("streamlit"):
        streamlit.cache_data.clear()
    return migrated.url


@pytest.fixture
def connection(url: str) -> Iterator[sqlalchemy.Connection]:
    """A connection whose statements are committed at once: a page, which opens its own, sees them."""
    assert url
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as opened:
        yield opened


def _survey(url: str) -> Migrated:
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
        ).fetchall()
        empty, seeded = [], {}
        for (name,) in tables:
            last = connection.execute(sql.SQL("SELECT to_jsonb(t)->'id' FROM {} AS t").format(sql.Identifier(name)))
            if rows := last.fetchall():
                seeded[name] = max(number for (number,) in rows)
            else:
                empty.append(name)
    return Migrated(url, empty, seeded)


def _empty(database: Migrated) -> None:
    """Take away what a test left: TRUNCATE costs too much to run it on tables that nothing is in."""
    with psycopg.connect(database.url) as connection:
        # A test that left a transaction open should fail by name, not hang.
        connection.execute("SET lock_timeout = '10s'")
        tables = [sql.Identifier(name) for name in database.empty]
        # What is counted from the appeals goes with them, by their own trigger.
        rows = [sql.Identifier(name) for name in database.empty if not name.startswith(("cube_", "fact_", "open_"))]
        used = sql.SQL(" UNION ALL ").join(sql.SQL("(SELECT FROM {} LIMIT 1)").format(table) for table in tables)
        if connection.execute(used).rowcount:
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(rows)))
        for name, last in database.seeded.items():
            connection.execute(sql.SQL("DELETE FROM {} WHERE id > {}").format(sql.Identifier(name), last))
