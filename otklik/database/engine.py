"""Connections to the appeals database."""

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
import sqlalchemy
from psycopg.conninfo import make_conninfo
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from otklik.database.plan_mode import ONE_PLAN_KEY, set_plan_mode
from otklik.database.server import data_directory
from otklik.errors import DatabaseUnavailable
from otklik.settings import InternalSettings, Settings, libpq_url, read_settings

APP_ROLE = "otklik_app"
"""The database role of the screens, made by the migrations: it can't bypass row security."""


def current_database_url() -> str:
    """The address of the appeals database for the screens, in libpq's form: from the launcher, or else the settings.

    Raises DatabaseUnavailable if that is the embedded server and it doesn't run, and InvalidSetting.
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
    """The address at which the screens connect, as a role that sees only the rows in the viewer's scope."""
    if settings.app_url:
        return settings.app_url
    if settings.database_url:
        return restricted_url(settings.database_url)
    return data_directory.server_url(settings.data_folder, user=APP_ROLE)


def restricted_url(url: str, role: str = APP_ROLE) -> str:
    """An address with another role, by default the screens', as that of the session, to which `RESET ROLE` returns.

    `SET ROLE NONE` would still return to the owner: only an address whose own user is the screens' role prevents that.
    """
    base_url, _, query_string = url.partition("?")
    parameters = dict(parse_qsl(query_string, keep_blank_values=True))
    # There may be other options, such as a schema: the last one wins.
    parameters["options"] = f"{parameters.get('options', '')} -c role={role}".strip()
    return f"{base_url}?{urlencode(parameters, quote_via=quote)}"


@cache
def engine() -> sqlalchemy.Engine:
    """The one engine of the screens, at `current_database_url`; its sessions are in UTC. Raises DatabaseUnavailable.

    A connection whose user isn't subject to row security is refused. Each is reset when it returns to the pool.
    """
    new_engine = database_engine(current_database_url())
    event.listen(new_engine, "connect", _check_restricted)
    event.listen(new_engine, "reset", _reset_session)
    event.listen(new_engine, "before_cursor_execute", set_plan_mode)
    return new_engine


def close_engine() -> None:
    """Close the screens' engine, if there is one; the next call of `engine` makes another."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()


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
    """Reset the session, so that no scope or role reaches the next user of the connection."""
    connection.rollback()
    connection.autocommit = True
    connection.cursor().execute("RESET ROLE; RESET ALL; SET TIME ZONE 'UTC'")
    connection.autocommit = False
    record.info.pop(ONE_PLAN_KEY, None)


def database_engine(url: str) -> sqlalchemy.Engine:
    """An engine at an address, for many threads; it connects at the first use.

    A broken connection is replaced when it is taken from the pool.
    """
    conninfo = make_conninfo(libpq_url(url), application_name="otklik", connect_timeout="10")

    def open_connection() -> psycopg.Connection[Any]:
        connection = psycopg.connect(conninfo, autocommit=True)
        # Not a startup option: connection poolers in between refuse those.
        connection.execute("SET TIME ZONE 'UTC'")
        connection.autocommit = False
        return connection

    # Results are cached and queries take milliseconds: a few connections serve many viewers, and the hundred of the
    # embedded server are enough for several processes.
    return sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=open_connection,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        pool_timeout=10,
        # Citizens' texts, hashes of secrets and personal data don't belong in the log of an error.
        hide_parameters=True,
    )
