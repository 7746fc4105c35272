"""Territories, organisations and the official who acts."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from otklik.database.access import scope
from otklik.database.access.audit import verify_audit
from otklik.database.access.people import Person
from otklik.database.cubes.rollups import cube_differences
from tests.support import factories
from tests.support.appeals.appeal_versions import create_person


@pytest.fixture
def anna(connection: Connection, url: str) -> Iterator[Person]:
    """An official of region XA and its municipalities who acts in the test; cubes and audit are checked after it."""
    for code, parent in {"XA-1": "XA", "XA-2": "XA", "XB-1": "XB"}.items():
        factories.territory(connection, code, "municipality", parent)
    for code, level, place in (
        ("office", "regional", "XA"),
        ("roads", "regional", "XA"),
        ("housing", "regional", "XA"),
        ("town", "municipal", "XA-1"),
        ("other town", "municipal", "XA-2"),
        ("agency", "federal", "XA"),
        ("ministry", "federal", "X"),
        ("elsewhere", "regional", "XB"),
    ):
        factories.organisation(connection, code, level, place)
    official = create_person(connection, "Anna", "official", "XA")
    with scope.acting_as(official.scope):
        yield official
    assert not list(cube_differences(url))
    assert verify_audit(url).broken_at is None
