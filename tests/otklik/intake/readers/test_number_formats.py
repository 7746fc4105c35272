"""Numbers of a workbook are the texts that a person sees, or can't be used."""

from datetime import date, datetime, time
from types import SimpleNamespace

import pytest

from otklik.intake.readers.number_formats import shown_cell, shown_number
from otklik.intake.readers.tabular import Cell, UnusableCell


@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        (321, "General", "321"),
        (321.0, "@", "321"),
        (321, "000000", "000321"),
        (-321, "000000", "-000321"),
        (321, "#,##0", "321"),
        (321654, "#,##0_);[Red](#,##0)", "321654"),
        (321, "# ##0", "321"),
        (321, "000,000", "000321"),
        (15.95, "0.0", "15.95"),
        (0.1 + 0.2, "General", "0.3"),
        (999_999_999_999_999, "0", "999999999999999"),
        (321, "[$-419]General", "321"),
    ],
)
def test_a_number_as_it_is_shown(number: float, number_format: str, text: str) -> None:
    assert shown_number(number, number_format) == text


@pytest.mark.parametrize(
    ("number", "number_format"),
    [
        (10**15, "0"),
        (12345678901234567, "General"),
        (1.2345678901234568e16, "General"),
        (float("inf"), "General"),
        (321, '"A-"0'),
        (0.05, "0%"),
        (321, "0.00E+00"),
        (321.6, "0"),
        (3.5, "# ?/?"),
        (5551234, "000-0000"),
        (321654, "0,"),
        (321654.5, "#,##0,.0"),
    ],
)
def test_a_number_that_would_become_another_one_cant_be_used(number: float, number_format: str) -> None:
    assert isinstance(shown_number(number, number_format), UnusableCell)


@pytest.mark.parametrize(
    ("value", "number_format", "cell"),
    [
        (None, None, ""),
        ("text", "000000", "text"),
        (True, "General", True),
        (datetime(2026, 1, 6), "dd.mm.yyyy", date(2026, 1, 6)),  # noqa: DTZ001 - a workbook knows no time zone
        (datetime(2026, 1, 6), "dd.mm.yyyy hh:mm", datetime(2026, 1, 6)),  # noqa: DTZ001
        (datetime(2026, 1, 6, 10), "dd.mm.yyyy", datetime(2026, 1, 6, 10)),  # noqa: DTZ001
        (datetime(2026, 1, 6), 'dd"th of the" mmm', date(2026, 1, 6)),  # noqa: DTZ001
        (time(10, 5), "hh:mm", time(10, 5)),
    ],
)
def test_other_cells_keep_their_value(value: object, number_format: str | None, cell: Cell) -> None:
    assert shown_cell(SimpleNamespace(value=value, data_type="n", number_format=number_format)) == cell
