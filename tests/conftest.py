"""Every test that asks for `url` or `connection` has an empty, migrated database to itself.

Rows are put in as the owner; what the screens ask, they ask as the screens' role, for an administrator who sees
everything unless a test enters another scope.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
import sqlalchemy
from psycopg import sql

from otklik.database import people, scope
from otklik.database.engine import database_engine, engine, restricted_url
from otklik.database.scope import Scope
from queries.cache import background
from tests.support.databases import ensure_server, migrated_database


@dataclass(frozen=True)
class MigratedDatabase:
    """A migrated database with the demo's people: its address, the tables that are empty, the last id in each other."""

    url: str
    owner: sqlalchemy.Engine
    viewer_scope: Scope
    empty_tables: list[str]
    last_seeded_ids: dict[str, int]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Start the server that all workers share before they start."""
    ensure_server()


@pytest.fixture(scope="session")
def migrated() -> Iterator[MigratedDatabase]:
    with migrated_database() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTKLIK_ADDRESS", restricted_url(url))
        # Pages are looked at by the demo's people unless a test signs in.
        patch.setenv("OTKLIK_DEMO", restricted_url(url))
        # Pages are looked at once: they wait for everything.
        patch.setattr(background, "wait_seconds", 60)
        engine.cache_clear()
        owner = database_engine(url)
        with owner.begin() as connection:
            people.create_demo_people(connection)
        administrator = people.person_of_sign_in(people.DEMO_ISSUER, "administrator")
        assert administrator
        yield _survey_tables(url, owner, administrator.scope)
        # The server ends after its clients.
        owner.dispose()
        engine().dispose()
        engine.cache_clear()


@pytest.fixture
def url(migrated: MigratedDatabase) -> Iterator[str]:
    """The owner's address, in libpq's form, of the database that `engine()` is at: migrated, and without an appeal."""
    _empty_tables(migrated)
    if streamlit := sys.modules.get("streamlit"):
        streamlit.cache_data.clear()
    with scope.acting_as(migrated.viewer_scope):
        yield migrated.url


@pytest.fixture
def connection(url: str, migrated: MigratedDatabase) -> Iterator[sqlalchemy.Connection]:
    """The owner's connection, whose statements are committed at once: a page, which opens its own, sees them."""
    assert url
    with migrated.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as owner_connection:
        yield owner_connection


def _survey_tables(url: str, owner: sqlalchemy.Engine, viewer: Scope) -> MigratedDatabase:
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname NOT IN ('alembic_version', 'role_right')"
        ).fetchall()
        empty_tables, last_seeded_ids = [], {}
        for (name,) in tables:
            id_rows = connection.execute(sql.SQL("SELECT to_jsonb(t)->'id' FROM {} AS t").format(sql.Identifier(name)))
            if rows := id_rows.fetchall():
                last_seeded_ids[name] = max(id_ for (id_,) in rows)
            else:
                empty_tables.append(name)
    return MigratedDatabase(url, owner, viewer, empty_tables, last_seeded_ids)


def _empty_tables(database: MigratedDatabase) -> None:
    """Take away what a test left: TRUNCATE costs too much to run it on tables that nothing is in."""
    with psycopg.connect(database.url) as connection:
        # A test that left a transaction open should fail by name, not hang.
        connection.execute("SET lock_timeout = '10s'")
        identifiers = [sql.Identifier(name) for name in database.empty_tables]
        # What is counted from the appeals goes with them, by their own trigger; the audit below.
        derived_prefixes = ("cube_", "fact_", "trace_", "open_", "audit")
        truncated_tables = [
            sql.Identifier(name) for name in database.empty_tables if not name.startswith(derived_prefixes)
        ]
        any_row_query = sql.SQL(" UNION ALL ").join(
            sql.SQL("(SELECT FROM {} LIMIT 1)").format(table) for table in identifiers
        )
        if connection.execute(any_row_query).rowcount:
            if connection.execute("SELECT FROM audit UNION ALL SELECT FROM audit_head").rowcount:
                # Refused to everybody who doesn't mean it.
                connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_is_never_emptied")
                connection.execute("TRUNCATE audit, audit_head")
                connection.execute("ALTER TABLE audit ENABLE TRIGGER audit_is_never_emptied")
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(truncated_tables)))
        connection.execute(
            "UPDATE person SET role = subject, everywhere = subject IN ('staff', 'administrator'), is_active = true"
            " WHERE issuer = 'demo' AND (role, everywhere, is_active)"
            " IS DISTINCT FROM (subject, subject IN ('staff', 'administrator'), true)"
        )
        for name, last in database.last_seeded_ids.items():
            connection.execute(sql.SQL("DELETE FROM {} WHERE id > {}").format(sql.Identifier(name), last))
