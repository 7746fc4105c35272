"""The database that a benchmark uses: created on a server, kept between runs, and used by this process's engine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from otklik.database.access import people, scope
from otklik.database.engine import engine, restricted_url
from otklik.database.migrate import migrate

DATABASE_NAME = "otklik_bench"


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
