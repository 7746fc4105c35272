"""The database that a benchmark uses: created on a server, kept between runs, and used by this process's engine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from otklik.database.access import people, scope
from otklik.database.cubes.rollups import rebuild_cubes
from otklik.database.engine import database_engine, engine, restricted_url
from otklik.database.migrate import migrate
from otklik.demo.catalogue import write_catalogue
from otklik.progress import ProgressCallback

DATABASE_NAME = "otklik_bench"
INDEXES_SQL = """
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s)
    AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))"""


@contextmanager
def benchmark_database(url: str, *, keep: bool, name: str = DATABASE_NAME) -> Iterator[str]:
    """An empty, migrated database on the server of `url`, dropped at the end unless `keep`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            database_url = make_url(url).set(database=name).render_as_string(hide_password=False)
            migrate(database_url)
            yield database_url
        finally:
            if not keep:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def kept_database(url: str, rows: int, name: str = DATABASE_NAME) -> str | None:
    """The URL of a database with so many appeals or votes that an earlier run built and kept; None without one."""
    database_url = make_url(url).set(database=name).render_as_string(hide_password=False)
    try:
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT value FROM setting WHERE name = 'benchmark'").fetchone()
    except psycopg.OperationalError:
        return None
    return database_url if row and row[0] == rows else None


@contextmanager
def bulk_load(url: str, tables: list[str], rows: int, progress: ProgressCallback) -> Iterator[psycopg.Connection]:
    """Fill an empty, migrated database: the demo's reference data before the block, and in it so many rows of tables.

    These have no index but their keys, and no trigger, until the block ends; cubes are counted then. The connection
    commits each statement.
    """
    owner_engine = database_engine(url)
    with owner_engine.begin() as transaction:
        write_catalogue(transaction)
        people.create_demo_people(transaction)
    owner_engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        indexes = connection.execute(INDEXES_SQL, (tables,)).fetchall()
        for name, _definition in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        _switch_triggers(connection, tables, "DISABLE")
        yield connection
        _switch_triggers(connection, tables, "ENABLE")
        connection.execute("SET maintenance_work_mem = '1GB'")
        for index, (_name, definition) in enumerate(indexes):
            progress("Indexes", index, len(indexes))
            connection.execute(definition)
        progress("Indexes", len(indexes), len(indexes))
        connection.execute("VACUUM ANALYZE")
    rebuild_cubes(url, progress)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO setting VALUES ('benchmark', to_jsonb(%s::int))", (rows,))


def _switch_triggers(connection: psycopg.Connection, tables: list[str], switch: LiteralString) -> None:
    for table in tables:
        statement = sql.SQL("ALTER TABLE {} " + switch + " TRIGGER ALL")
        connection.execute(statement.format(sql.Identifier(table)))


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Point this process's engine at another database within the block, in the scope of the demo administrator."""
    previous = os.environ.get("OTKLIK_ADDRESS")
    os.environ["OTKLIK_ADDRESS"] = restricted_url(url)
    engine.cache_clear()
    try:
        administrator = people.person_of_sign_in(people.DEMO_ISSUER, "administrator")
        with scope.acting_as(administrator.scope if administrator else None):
            yield
    finally:
        engine().dispose()
        engine.cache_clear()
        if previous is None:
            del os.environ["OTKLIK_ADDRESS"]
        else:
            os.environ["OTKLIK_ADDRESS"] = previous
