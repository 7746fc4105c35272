"""Connections to the appeals database."""

import os
from functools import cache
from typing import Any

import psycopg
import sqlalchemy
from psycopg.conninfo import make_conninfo

from database import NoDatabase, cluster
from database.settings import libpq, settings


def address() -> str:
    """Where the appeals database is, in libpq's form: the launcher's word, else the settings'.

    Raises NoDatabase when that is the embedded server and it doesn't run.
    """
    if told := os.environ.get("OTKLIK_ADDRESS"):
        return libpq(told)
    now = settings()
    if now.database_url:
        return now.database_url
    if not (cluster.socket_folder(now.data) / f".s.PGSQL.{cluster.PORT}").exists():
        raise NoDatabase(f"No database runs in {now.data}: start one with `otklik run`, or set DATABASE_URL.")
    return cluster.address(now.data)


@cache
def engine() -> sqlalchemy.Engine:
    """The process's one engine, at `address()`; sessions speak UTC. Raises NoDatabase."""
    return connect(address())


def connect(url: str) -> sqlalchemy.Engine:
    """An engine at an address, for Streamlit's many threads; connects at the first use.

    A connection that broke meanwhile is noticed and replaced when it is taken from the pool.
    """
    conninfo = make_conninfo(libpq(url), application_name="otklik", connect_timeout="10")

    def connection() -> psycopg.Connection[Any]:
        made = psycopg.connect(conninfo, autocommit=True)
        # Not a startup option: connection poolers in between refuse those.
        made.execute("SET TIME ZONE 'UTC'")
        made.autocommit = False
        return made

    # Answers are cached and panels take milliseconds: a few connections serve many viewers, and
    # the embedded server's hundred suffice for several processes.
    return sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=connection,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        pool_timeout=10,
    )
