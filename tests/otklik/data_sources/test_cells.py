"""Values of drivers as cells that an import reads."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from otklik.data_sources.cells import cell_of
from otklik.intake.readers.tabular import UnusableCell

NOON = datetime(2026, 1, 6, 12)  # noqa: DTZ001 - as a column without a zone has it


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), ("x", "x"), (17, "17"), (Decimal("1E+3"), "1000"), (Decimal("4.50"), "4.50"),
        (1e-7, "0.0000001"), (-71.0772, "-71.0772"), (101000295613.0, "101000295613"), (float("nan"), ""),
        (float("inf"), ""), (True, True), (date(2026, 1, 6), date(2026, 1, 6)),
        (NOON, NOON), ({"a": "ё"}, '{"a": "ё"}'),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"), (b"\xff", UnusableCell("…", "binary data")),
    ],
)  # fmt: skip
def test_a_value_is_the_cell_that_people_would_write(value: object, cell: object) -> None:
    assert cell_of(value) == cell
