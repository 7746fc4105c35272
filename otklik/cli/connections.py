"""The database that a command works on, and in whose name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

VIEWER_SQL = """
    SELECT id, name, role, email, is_active, everywhere, tops FROM person_scope
    WHERE is_active AND (email = %(email)s::text OR (%(email)s::text IS NULL AND everywhere))
    ORDER BY role = 'administrator' DESC, id LIMIT 1"""


@contextmanager
def migrated_database() -> Iterator[str]:
    """The address of the running and migrated appeals database. Raises DatabaseUnavailable, InvalidSetting."""
    from otklik.database.migrate import migrate
    from otklik.database.server.embedded import running_database
    from otklik.settings import read_settings

    with running_database(read_settings()) as database_url:
        migrate(database_url)
        yield database_url


@contextmanager
def owner_connection() -> Iterator["Connection"]:
    """The owner's connection to the migrated database, committed by whoever uses it."""
    from otklik.database.engine import database_engine

    with migrated_database() as database_url:
        engine = database_engine(database_url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


@contextmanager
def owner_transaction() -> Iterator["Connection"]:
    """A transaction of the owner's, which the audit records as this machine's user at the console.

    A refusal of the database becomes the message of the command.
    """
    import getpass
    import socket

    from sqlalchemy import text

    from otklik.errors import DatabaseRefusal

    with owner_connection() as connection:
        try:
            with connection.begin():
                statement = (
                    "SELECT set_config('otklik.console', :user, true), set_config('otklik.address', :host, true)"
                )
                connection.execute(text(statement), {"user": getpass.getuser(), "host": socket.gethostname()})
                yield connection
        except DatabaseRefusal as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def acting_as_viewer(database_url: str, email: str | None = None) -> Iterator[None]:
    """Point queries at this database, as the person with this e-mail or as somebody who sees everything."""
    import psycopg
    from psycopg.rows import namedtuple_row

    from otklik.database.access import people, scope
    from otklik.database.engine import close_engine, restricted_url

    with psycopg.connect(database_url, row_factory=namedtuple_row) as connection:
        person_row = connection.execute(VIEWER_SQL, {"email": email}).fetchone()
    if person_row is None:
        raise click.ClickException(
            f"Nobody with the e-mail {email} is let in: `otklik user list` prints who is."
            if email
            else "Nobody who sees everything is let in: `otklik user add` adds people, `otklik run` those of the demo."
        )
    os.environ["OTKLIK_ADDRESS"] = restricted_url(database_url)
    close_engine()
    try:
        # Psycopg's row has the columns that SQLAlchemy's has there.
        with scope.acting_as(people.person_from_row(person_row, "").scope):  # type: ignore[arg-type]
            yield
    finally:
        close_engine()
