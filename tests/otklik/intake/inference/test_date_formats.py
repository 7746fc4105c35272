"""How dates of a column are written, and which of two numbers is the day."""

from datetime import datetime

import pytest

from otklik.intake.inference.columns.date_formats import DAY_FIRST, MONTH_FIRST, date_column, infer_order
from otklik.intake.mapping.dates import DateFormat

MOMENT = datetime(2026, 11, 28, 13, 5, 9)  # noqa: DTZ001 - a local time


@pytest.mark.parametrize(
    "pattern",
    [
        *("%d.%m.%Y", "%d.%m.%Y.", "%d. %m. %Y.", "%d.%m.%y %H:%M", "%d.%m.%Y. %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"),
        *("%m/%d/%Y, %I:%M%p", "%m/%d/%y", "%d-%m-%Y %H:%M", "%Y/%m/%d %H:%M", "%Y.%m.%d", "%d %b %Y", "%d-%b-%y"),
        *("%b %d, %Y %I:%M %p", "%B %d, %Y", "%d %B %Y %H:%M:%S"),
    ],
)
def test_a_written_date_is_read_again_by_the_inferred_format(pattern: str) -> None:
    text = MOMENT.strftime(pattern)
    column = date_column([(text, 7)], accept_numbers=False)
    order, _ = infer_order([column])
    assert column.readable_share == 1
    assert order is not None
    read = DateFormat(tuple(column.formats(order)), None, frozenset()).local_time("received_at", text)
    assert read == datetime.strptime(text, pattern)  # noqa: DTZ007


@pytest.mark.parametrize(
    ("text", "name"), [("20261128", "ISO"), ("46354.5", "Excel"), ("1795860300", "Unix"), ("1795860300250", "Unix ms")]
)
def test_a_number_is_a_date_where_it_may_be(text: str, name: str) -> None:
    assert date_column([(text, 1)], accept_numbers=True).formats(DAY_FIRST) == [name]
    assert date_column([(text, 1)], accept_numbers=False).readable_share == 0


@pytest.mark.parametrize(
    ("columns", "order"),
    [
        ([["03/04/2026", "13/04/2026"]], DAY_FIRST),
        ([["03/04/2026", "04/13/2026"]], MONTH_FIRST),
        ([["03/04/2026"], ["04/13/2026"]], MONTH_FIRST),
        ([["03/04/2026"], ["03-04-2026"]], None),
        ([["03.04.2026"]], DAY_FIRST),
        ([["2026-04-03"]], DAY_FIRST),
        ([["13/04/2026", "14/04/2026"], ["04/13/2026"]], DAY_FIRST),
    ],
)
def test_a_value_beyond_twelve_tells_the_order(columns: list[list[str]], order: str | None) -> None:
    assert (
        infer_order([date_column([(text, 1) for text in texts], accept_numbers=True) for texts in columns])[0] == order
    )


@pytest.mark.parametrize(
    "text",
    ["Roads", "12", "1000000", "20261328", "3.5", "13:05", "32/13/2026", "2026-02-30", "10.0.0.1", "1/2/3/4", ""],
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert date_column([(text, 1)], accept_numbers=True).readable_share == 0
