"""Connections to the appeals database."""

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

from otklik.database.server import data_directory
from otklik.errors import DatabaseUnavailable
from otklik.settings import InternalSettings, Settings, libpq_url, read_settings

APP_ROLE = "otklik_app"
"""The role of the screens: it can't bypass row security. `database/migrations` makes it."""
PREPARE_THRESHOLD = 5
"""So often is the same question asked on a connection before its plan is kept."""


def current_database_url() -> str:
    """Where the screens find the appeals database, in libpq's form: the launcher's word, else the settings'.

    Raises NoDatabase when that is the embedded server and it doesn't run.
    """
    if url := InternalSettings().screens_url:
        return libpq_url(url)
    settings = read_settings()
    if settings.database_url or settings.app_url:
        return screens_database_url(settings)
    if not (data_directory.socket_folder(settings.data_folder) / f".s.PGSQL.{data_directory.PORT}").exists():
        raise DatabaseUnavailable(
            f"No database runs in {settings.data_folder}: start one with `otklik run`, or set DATABASE_URL."
        )
    return screens_database_url(settings)


def screens_database_url(settings: Settings) -> str:
    """The address at which the screens connect, as a role that sees rows by their viewer's scope alone."""
    if settings.app_url:
        return settings.app_url
    if settings.database_url:
        return restricted_url(settings.database_url)
    return data_directory.server_url(settings.data_folder, user=APP_ROLE)


def restricted_url(url: str) -> str:
    """An owner's address, entered as the screens' role: `RESET ROLE` comes back to it.

    `SET ROLE NONE` doesn't: only an address whose own user is the screens' role shuts that way too.
    """
    base_url, _, query_string = url.partition("?")
    parameters = dict(parse_qsl(query_string, keep_blank_values=True))
    # There may be others, such as a schema: ours comes last and wins.
    parameters["options"] = f"{parameters.get('options', '')} -c role={APP_ROLE}".strip()
    return f"{base_url}?{urlencode(parameters, quote_via=quote)}"


@cache
def engine() -> sqlalchemy.Engine:
    """The screens' one engine, at `address()`; sessions speak UTC. Raises NoDatabase.

    A connection is refused when its user isn't subject to row security, and given back without a trace.
    """
    new_engine = database_engine(current_database_url())
    event.listen(new_engine, "connect", _check_restricted)
    event.listen(new_engine, "reset", _reset_session)
    event.listen(new_engine, "before_cursor_execute", _set_plan_mode)
    return new_engine


def close_engine() -> None:
    """Close the screens' engine, if there is one; the next call of `engine` makes another at the address of then."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()


APPEALS_PATTERN = re.compile(r"\b(open_)?fact\b")
# Cubes that have one index, and so one way to find their cells whatever the values.
SINGLE_INDEX_PATTERN = re.compile(r"\bcube_(place|intake|answer|hour|wait)")


@lru_cache(1024)
def is_planned_by_values(statement: str) -> bool:
    """Whether a question is to the appeals, whose best plan depends on the values."""
    return bool(APPEALS_PATTERN.search(statement))


@lru_cache(1024)
def has_one_plan(statement: str) -> bool:
    """Whether a question has one good plan, so that none is to be made by its values: that costs more than it."""
    return bool(SINGLE_INDEX_PATTERN.search(statement)) and not is_planned_by_values(statement)


def plan_mode_sql(statement: str) -> str:
    """The command that lets the server plan a question, until the transaction ends, by its values or without them."""
    return f"SET LOCAL plan_cache_mode = {'force_generic_plan' if has_one_plan(statement) else 'auto'}"


def _set_plan_mode(connection: Connection, cursor: Any, statement: str, *_rest: object) -> None:
    """Let the server keep the plan of a question to cubes, and make one by the values of each to the appeals.

    Keeping saves half of a panel's time. But the same plan for one town's week and a country's year takes seconds.
    """
    cursor.connection.prepare_threshold = None if is_planned_by_values(statement) else PREPARE_THRESHOLD
    if has_one_plan(statement) != connection.info.get("one_plan", False):
        cursor.connection.execute(plan_mode_sql(statement))
        connection.info["one_plan"] = has_one_plan(statement)


def _check_restricted(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT row_security_active('public.appeal')")
    if cursor.fetchone() != (True,):
        connection.close()
        raise DatabaseUnavailable(
            "The screens' database user may see every row: give OTKLIK_APP_URL the address of otklik_app"
            " or of a member of it that is neither a superuser nor the owner of the tables."
        )
    connection.rollback()


def _reset_session(connection: DBAPIConnection, record: ConnectionPoolEntry, _state: object) -> None:
    """Undo what a session was told, so that nobody's scope or role reaches the next who gets the connection."""
    connection.rollback()
    connection.autocommit = True
    connection.cursor().execute("RESET ROLE; RESET ALL; SET TIME ZONE 'UTC'")
    connection.autocommit = False
    record.info.pop("one_plan", None)


def database_engine(url: str) -> sqlalchemy.Engine:
    """An engine at an address, for Streamlit's many threads; connects at the first use.

    A connection that broke meanwhile is noticed and replaced when it is taken from the pool.
    """
    conninfo = make_conninfo(libpq_url(url), application_name="otklik", connect_timeout="10")

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
