"""A world of few places and topics for the tests of questions."""

import pytest
from sqlalchemy import Connection

from tests.support.reference_data import ReferenceData, build_reference_data


@pytest.fixture
def world(connection: Connection) -> ReferenceData:
    return build_reference_data(connection)
