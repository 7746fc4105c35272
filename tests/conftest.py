"""Every test that asks for `url` or `connection` has an empty, migrated database to itself.

Rows are put in as the owner; what the screens ask, they ask as the screens' role, for an administrator who sees
everything unless a test enters another scope.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import hypothesis
import psycopg
import pytest
import sqlalchemy
from psycopg import sql
from streamlit.components.v2 import manifest_scanner

from otklik.database.access import people, scope
from otklik.database.access.scope import Scope
from otklik.database.engine import database_engine, engine, restricted_url
from queries.cache import background
from tests.support.moments import local_days, renew_moments
from tests.support.servers.data_folders import ensure_run_folder
from tests.support.servers.databases import ensure_server, migrated_database

# A property holds or not, however busy the machine is.
hypothesis.settings.register_profile("otklik", deadline=None)
hypothesis.settings.load_profile("otklik")

IMPORT_DAYS = local_days()
"""The days at the begin of the run, when all files of tests are imported."""
MOMENT_DAYS: dict[str, tuple[date, ...]] = {}
"""The days on which the moments of files were computed anew, by their ids."""
MAX_TABLE_BYTES = 1_000_000
"""Larger tables are made anew instead of emptied: rows that are gone still take their place, and time to pass over."""


@dataclass(frozen=True)
class MigratedDatabase:
    """A migrated database with the demo's people.

    A test leaves rows in tables that are empty at first, of whose ids these are the sequences. In the others it leaves
    rows with higher ids than the last, or changes a row: `seeds` are their first rows as COPY writes them, by table.
    `cleaner` takes all that away: a connection that stays, since a new one spends most of its time on learning tables.
    """

    url: str
    owner: sqlalchemy.Engine
    viewer_scope: Scope
    empty_tables: list[str]
    id_sequences: list[str]
    last_seeded_ids: dict[str, int]
    seeds: dict[str, bytes]
    cleaner: psycopg.Connection


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Start the server, and make the folder, that all workers share before they start."""
    ensure_server()
    ensure_run_folder()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in tests/browser: it needs a browser, and an Otklik with a server of its own.

    Files that take long come first: the last one of a run with several workers keeps the others waiting.
    """
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.second_server)
    long_files = {
        item.path for item in items if {"slow", "second_server"} & {mark.name for mark in item.iter_markers()}
    }
    # Browsers last of them, when what else is heavy is nearly over: a slow page is what they wait for.
    items.sort(key=lambda item: (item.path not in long_files, "browser" in item.path.parts))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Compute the moments of the test's file anew if a midnight has passed since they were computed."""
    module = item.getparent(pytest.Module)
    days = local_days()
    if module and days != MOMENT_DAYS.get(module.nodeid, IMPORT_DAYS):
        renew_moments(module.obj)
        MOMENT_DAYS[module.nodeid] = days


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put back the main module, where AppTest leaves its script: a spawned process would begin by running that."""
    module = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = module


@pytest.fixture(scope="session", autouse=True)
def component_manifests() -> Iterator[None]:
    """Read the manifests of installed components once, not for each run of a page, where it takes half the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


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
        with psycopg.connect(url) as cleaner:
            yield _survey_tables(url, owner, administrator.scope, cleaner)
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


def _survey_tables(url: str, owner: sqlalchemy.Engine, viewer: Scope, cleaner: psycopg.Connection) -> MigratedDatabase:
    with cleaner.transaction():
        tables = cleaner.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname NOT IN ('alembic_version', 'role_right')"
        ).fetchall()
        empty_tables, last_seeded_ids = [], {}
        for (name,) in tables:
            id_rows = cleaner.execute(sql.SQL("SELECT to_jsonb(t)->'id' FROM {} AS t").format(sql.Identifier(name)))
            if rows := id_rows.fetchall():
                last_seeded_ids[name] = max(id_ for (id_,) in rows)
            else:
                empty_tables.append(name)
        sequences = cleaner.execute(
            "SELECT pg_get_serial_sequence(table_name, column_name) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES' AND table_name = ANY (%s)",
            [empty_tables],
        )
        id_sequences = [sequence for (sequence,) in sequences]
        # The demo's people are changed by almost every test, and set back below.
        seeds = {name: _copied_rows(cleaner, name) for name in last_seeded_ids if name != "person"}
    return MigratedDatabase(url, owner, viewer, empty_tables, id_sequences, last_seeded_ids, seeds, cleaner)


def _copied_rows(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(copy)


def _empty_tables(database: MigratedDatabase, *, with_new_files: bool = False) -> None:
    """Take away what a test left; on request also the room that rows of earlier tests have left in tables and indexes.

    That room counts in the costs by which the server chooses a plan.
    """
    identifiers = [sql.Identifier(name) for name in database.empty_tables]
    deletes = [sql.SQL("DELETE FROM {}").format(identifier) for identifier in identifiers]
    later_rows = sql.SQL("DELETE FROM {} WHERE id > {}")
    later_deletes = [later_rows.format(sql.Identifier(name), last) for name, last in database.last_seeded_ids.items()]
    connection = database.cleaner
    with connection.transaction():
        # A test that left a transaction open should fail by name, not hang. No trigger runs: each table is emptied,
        # also those that triggers fill from others, and the audit, which its trigger lets nobody empty.
        connection.execute("SET LOCAL lock_timeout = '10s'; SET LOCAL session_replication_role = replica")
        size_query = "SELECT FROM unnest(%s::text[]) AS name WHERE pg_relation_size(name::regclass) > %s"
        if with_new_files or connection.execute(size_query, [database.empty_tables, MAX_TABLE_BYTES]).rowcount:
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(identifiers)))
        else:
            # TRUNCATE makes new files for each table and index, which takes fifty times as long.
            connection.execute(sql.SQL("; ").join(deletes))
        connection.execute(
            "SELECT setval(name::regclass, 1, false) FROM unnest(%s::text[]) AS name", [database.id_sequences]
        )
        connection.execute(sql.SQL("; ").join(later_deletes))
        connection.execute(
            "UPDATE person SET role = subject, everywhere = subject IN ('staff', 'administrator'), is_active = true,"
            " tops = '{}', sees = '{}' WHERE issuer = 'demo'"
        )
        for name, rows in database.seeds.items():
            if _copied_rows(connection, name) != rows:
                table = sql.Identifier(name)
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                    copy.write(rows)
