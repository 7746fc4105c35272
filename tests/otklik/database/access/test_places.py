"""Where an appeal can be."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from tests.support import factories


def test_a_municipality_lies_in_its_appeals_region(connection: Connection) -> None:
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    town = factories.territory(connection, "XB-1", "municipality", "XB")
    factories.appeal(connection, region="XB", municipality="XB-1")
    factories.appeal(connection, region="XA")
    with pytest.raises(IntegrityError, match="municipality_in_its_region"):
        connection.execute(text("UPDATE appeal SET municipality_id = :town"), {"town": town})
