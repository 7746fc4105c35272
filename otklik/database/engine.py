"""Connections to the appeals database."""

import os
import re
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
import sqlalchemy
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from otklik.database import NoDatabase
from otklik.database.server import data_directory
from otklik.settings import Settings, libpq, settings

APP = "otklik_app"
"""The role of the screens: it can't bypass row security. `database/migrations` makes it."""
PREPARED_AFTER = 5
"""So often is the same question asked on a connection before its plan is kept."""


def address() -> str:
    """Where the screens find the appeals database, in libpq's form: the launcher's word, else the settings'.

    Raises NoDatabase when that is the embedded server and it doesn't run.
    """
    if url := os.environ.get("OTKLIK_ADDRESS"):
        return libpq(url)
    now = settings()
    if now.database_url or now.app_url:
        return screens(now)
    if not (data_directory.socket_folder(now.data) / f".s.PGSQL.{data_directory.PORT}").exists():
        raise NoDatabase(f"No database runs in {now.data}: start one with `otklik run`, or set DATABASE_URL.")
    return screens(now)


def screens(settings: Settings) -> str:
    """The address at which the screens connect, as a role that sees rows by their viewer's scope alone."""
    if settings.app_url:
        return settings.app_url
    if settings.database_url:
        return restricted(settings.database_url)
    return data_directory.address(settings.data, user=APP)


def restricted(url: str) -> str:
    """An owner's address, entered as the screens' role: `RESET ROLE` comes back to it.

    `SET ROLE NONE` doesn't: only an address whose own user is the screens' role shuts that way too.
    """
    base_url, _, query_string = url.partition("?")
    parameters = dict(parse_qsl(query_string, keep_blank_values=True))
    # There may be others, such as a schema: ours comes last and wins.
    parameters["options"] = f"{parameters.get('options', '')} -c role={APP}".strip()
    return f"{base_url}?{urlencode(parameters, quote_via=quote)}"


@cache
def engine() -> sqlalchemy.Engine:
    """The screens' one engine, at `address()`; sessions speak UTC. Raises NoDatabase.

    A connection is refused when its user isn't subject to row security, and given back without a trace.
    """
    new_engine = connect(address())
    event.listen(new_engine, "connect", _is_restricted)
    event.listen(new_engine, "reset", _forget)
    event.listen(new_engine, "before_cursor_execute", _plan)
    return new_engine


FROM_APPEALS = re.compile(r"\b(open_)?fact\b")
# Cubes that have one index, and so one way to find their cells whatever the values.
ONE_WAY = re.compile(r"\bcube_(place|intake|answer|hour|wait)")


@lru_cache(1024)
def by_values(statement: str) -> bool:
    """Whether a question is to the appeals, whose best plan depends on the values."""
    return bool(FROM_APPEALS.search(statement))


@lru_cache(1024)
def one_plan(statement: str) -> bool:
    """Whether a question has one good plan, so that none is to be made by its values: that costs more than it."""
    return bool(ONE_WAY.search(statement)) and not by_values(statement)


def plan_mode(statement: str) -> str:
    """The command that lets the server plan a question, until the transaction ends, by its values or without them."""
    return f"SET LOCAL plan_cache_mode = {'force_generic_plan' if one_plan(statement) else 'auto'}"


def _plan(connection: Connection, cursor: Any, statement: str, *_rest: object) -> None:  # noqa: ANN401 - the driver's
    """Let the server keep the plan of a question to cubes, and make one by the values of each to the appeals.

    Keeping saves half of a panel's time. But the same plan for one town's week and a country's year takes seconds.
    """
    cursor.connection.prepare_threshold = None if by_values(statement) else PREPARED_AFTER
    if one_plan(statement) != connection.info.get("one_plan", False):
        cursor.connection.execute(plan_mode(statement))
        connection.info["one_plan"] = one_plan(statement)


def _is_restricted(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT row_security_active('public.appeal')")
    if cursor.fetchone() != (True,):
        connection.close()
        raise NoDatabase(
            "The screens' database user may see every row: give OTKLIK_APP_URL the address of otklik_app"
            " or of a member of it that is neither a superuser nor the owner of the tables."
        )
    connection.rollback()


def _forget(connection: DBAPIConnection, record: ConnectionPoolEntry, _state: object) -> None:
    """Undo what a session was told, so that nobody's scope or role reaches the next who gets the connection."""
    connection.rollback()
    connection.autocommit = True
    connection.cursor().execute("RESET ROLE; RESET ALL; SET TIME ZONE 'UTC'")
    connection.autocommit = False
    record.info.pop("one_plan", None)


def connect(url: str) -> sqlalchemy.Engine:
    """An engine at an address, for Streamlit's many threads; connects at the first use.

    A connection that broke meanwhile is noticed and replaced when it is taken from the pool.
    """
    conninfo = make_conninfo(libpq(url), application_name="otklik", connect_timeout="10")

    def open_connection() -> psycopg.Connection[Any]:
        connection = psycopg.connect(conninfo, autocommit=True)
        # Not a startup option: connection poolers in between refuse those.
        connection.execute("SET TIME ZONE 'UTC'")
        connection.autocommit = False
        return connection

    # Answers are cached and panels take milliseconds: a few connections serve many viewers, and
    # the embedded server's hundred suffice for several processes.
    return sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=open_connection,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        pool_timeout=10,
        # What people wrote, secrets' hashes and personal data have no place in the log of an error.
        hide_parameters=True,
    )
