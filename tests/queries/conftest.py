"""A world of few places and topics for the tests of questions."""

import pytest
from sqlalchemy import Connection

from tests.support.world import World, build


@pytest.fixture
def world(connection: Connection) -> World:
    return build(connection)
