"""A database with demo data of its own, for tests that look at it and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from otklik.demo.load import load_demo_data
from tests.support.databases import migrated_database

AS_OF = date(2026, 3, 17)
"""A Tuesday in the heating season; the demo's clock stands at noon of it, UTC."""


@contextmanager
def demo_database(appeals: int | None = None, as_of: date | None = AS_OF) -> Iterator[str]:
    """The address of a database just filled with demo data; the default number takes half a minute."""
    with migrated_database() as url:
        load_demo_data(url, appeals, as_of=as_of)
        yield url
