"""The database that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager

from database.settings import settings


@contextmanager
def database() -> Iterator[str]:
    """The address of the running and migrated appeals database. Raises NoDatabase, BadSetting."""
    from database.embedded import serving
    from database.migrate import migrate

    with serving(settings()) as url:
        migrate(url)
        yield url
