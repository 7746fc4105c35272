"""The database that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager

from otklik.settings import read_settings


@contextmanager
def migrated_database() -> Iterator[str]:
    """The address of the running and migrated appeals database. Raises NoDatabase, BadSetting."""
    from otklik.database.migrate import migrate
    from otklik.database.server.embedded import running_database

    with running_database(read_settings()) as database_url:
        migrate(database_url)
        yield database_url
