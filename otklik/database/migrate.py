"""Migrate the appeals database to this version of Otklik."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text

from otklik.database.access import role_rights
from otklik.database.engine import database_engine
from otklik.errors import DatabaseUnavailable

MIGRATION_LOCK_KEY = 0x07_B111
"""The key of the advisory lock that a migration holds."""


def migrate(url: str) -> None:
    """Apply the migrations that are missing and sync the rights of roles; concurrent callers take turns.

    Each migration is one transaction. Raises DatabaseUnavailable for a database of a newer Otklik.
    """
    config = Config()
    migrations_folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", migrations_folder.replace("%", "%%"))
    engine = database_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK_KEY})
            connection.commit()  # the lock belongs to the session and stays
            # Migrations run SQL without parameters, in which a % is a %, as in psql.
            connection.execution_options(no_parameters=True)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            role_rights.sync_role_rights(connection)
            connection.commit()
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise DatabaseUnavailable(
            "The database was last used by a newer Otklik: update this one to the same version."
        ) from error
    finally:
        engine.dispose()
