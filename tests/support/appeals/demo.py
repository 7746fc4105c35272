"""A database with demo data of its own, for tests that look at it and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from otklik.database.migrate import migrate
from otklik.demo.load import load_demo_data
from tests.support.servers.databases import cloned_database, migrated_database

AS_OF = date(2026, 3, 17)
"""A Tuesday in the heating season; the demo's clock stands at noon of it, UTC."""


SHARED_APPEALS = 60_000
"""Enough for the shapes of the demo to show through the noise, and made in a quarter of the default's time."""


@contextmanager
def shared_demo_database() -> Iterator[str]:
    """The address of a copy of a database with `SHARED_APPEALS` appeals of the demo, which a run fills once."""
    with cloned_database("demo", _build_demo) as url:
        yield url


@contextmanager
def demo_database(appeals: int | None = None, as_of: date | None = AS_OF) -> Iterator[str]:
    """The address of a database just filled with demo data; the default number takes half a minute."""
    with migrated_database() as url:
        load_demo_data(url, appeals, as_of=as_of)
        yield url


def _build_demo(url: str) -> None:
    migrate(url)
    load_demo_data(url, SHARED_APPEALS, as_of=AS_OF)
