"""A small set of territories and topics for tests of queries."""

import pytest
from sqlalchemy import Connection

from tests.support.figures.reference_data import ReferenceData, build_reference_data


@pytest.fixture
def world(connection: Connection) -> ReferenceData:
    return build_reference_data(connection)
