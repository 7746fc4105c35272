"""Migrate the appeals database to this version of Otklik."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.database import schema
from otklik.database.access import role_rights
from otklik.database.engine import database_engine
from otklik.errors import DatabaseUnavailable

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
MIGRATION_LOCK_KEY = 0x07_B111
"""The key of the advisory lock that a migration holds."""


def migrate(url: str) -> None:
    """Apply the missing migrations, and make the screens' role and rights whole; concurrent callers take turns.

    Each migration is one transaction. Raises DatabaseUnavailable for a database of a newer Otklik, for one that lacks
    something after all, and where this user may not give the screens their rights.
    """
    with locked_connection(url) as connection:
        try:
            schema.make_roles(connection)
            connection.commit()
            upgrade(connection)
            schema.check_objects(connection)
            schema.complete_rights(connection)
        except ProgrammingError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            message = " ".join(str(error.orig).split())
            raise DatabaseUnavailable(
                f"The screens' role otklik_app can't be given its rights ({message}): run otklik migrate once as a"
                " superuser, or as the tables' owner with CREATEROLE (docs/access.md)."
            ) from error
        role_rights.sync_role_rights(connection)
        connection.commit()


def upgrade(connection: Connection) -> None:
    """Apply the migrations that are missing. Raises DatabaseUnavailable for a database of a newer Otklik."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise DatabaseUnavailable(
            "The database was last used by a newer Otklik: update this one to the same version."
        ) from error


def latest_migration() -> str:
    """The migration that this version of Otklik brings a database to, such as "0042"."""
    return str(ScriptDirectory(str(MIGRATIONS_FOLDER)).get_current_head())


def is_known_migration(revision: str) -> bool:
    """Whether this version of Otklik knows a migration; it doesn't know those of newer ones."""
    return any(script.revision == revision for script in ScriptDirectory(str(MIGRATIONS_FOLDER)).walk_revisions())


@contextmanager
def locked_connection(url: str) -> Iterator[Connection]:
    """The owner's connection, while which nobody else migrates or restores this database."""
    engine = database_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK_KEY})
            connection.commit()  # the lock belongs to the session and stays
            # Migrations run SQL without parameters, in which a % is a %, as in psql.
            connection.execution_options(no_parameters=True)
            yield connection
    finally:
        engine.dispose()
