"""Places, organisations and an official who acts."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from database import scope
from database.audit import verify as audit_verify
from database.people import Person
from database.rollups import verify
from tests import factories
from tests.cases import person


@pytest.fixture
def anna(connection: Connection, url: str) -> Iterator[Person]:
    """An official of region XA and its towns, who acts; figures and audit agree afterwards."""
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
    official = person(connection, "Anna", "official", "XA")
    with scope.acting(official.scope):
        yield official
    assert not list(verify(url))
    assert audit_verify(url).broken_at is None
