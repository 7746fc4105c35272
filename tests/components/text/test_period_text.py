"""The period and its comparison in words, with the holidays by which they differ."""

from datetime import date

import pytest

from components.text.period_text import period_label
from otklik.i18n import set_language
from queries.filters import Filters

RUSSIA = ("RU", None)


def label(filters: Filters, today: date = date(2027, 1, 1)) -> str:
    return period_label(filters, today).replace("\N{THIN SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def weeks(first: date, last: date, jurisdiction: tuple[str | None, str | None] = RUSSIA) -> Filters:
    return Filters(first, last, jurisdiction=jurisdiction)


def test_holidays_are_named_where_working_days_differ() -> None:
    november = weeks(date(2026, 11, 2), date(2026, 11, 30))
    assert label(november) == (
        "2–29 Nov 2026, compared with 5 Oct – 1 Nov 2026; working days: 19 and 20 (4 Nov 2026: Unity Day)"
    )
    assert "День народного единства" in label_in("ru", november)
    assert label(weeks(date(2026, 11, 2), date(2026, 11, 30), (None, None))) == (
        "2–29 Nov 2026, compared with 5 Oct – 1 Nov 2026"
    )


def label_in(language: str, filters: Filters) -> str:
    set_language(language)
    try:
        return label(filters)
    finally:
        set_language("en")


def test_as_many_working_days_need_no_names() -> None:
    assert ";" not in label(weeks(date(2026, 9, 7), date(2026, 10, 5)))


def test_days_of_one_holiday_are_one_range_and_days_moved_are_named() -> None:
    assert label(weeks(date(2026, 1, 12), date(2026, 1, 26))).endswith(
        "; working days: 10 and 2 (31 Dec 2025: Day off, 1–6 Jan 2026: New Year Holidays, 7 Jan 2026: Christmas Day, "
        "8 Jan 2026: New Year Holidays, 9 Jan 2026: Day off)"
    )
    assert "(1 Nov 2025: worked in exchange, 3 Nov 2025: Day off, 4 Nov 2025: Unity Day)" in label(
        weeks(date(2025, 11, 2), date(2025, 11, 30))
    )


def test_a_day_that_goes_on_is_compared_up_to_this_hour() -> None:
    today = date(2026, 11, 25)
    assert label(Filters(today, date(2026, 11, 26)), today).endswith("compared with 18 Nov 2026 up to this hour")
    assert "hour" not in label(Filters(date(2026, 11, 24), today), today)


@pytest.mark.parametrize("compare", ["none", "previous"])
def test_without_a_comparison_there_are_only_the_days(compare: str) -> None:
    filters = Filters(date(2026, 11, 2), date(2026, 11, 9), compare=compare, data_start=date(2026, 11, 1))  # type: ignore[arg-type]
    expected = "2–8 Nov 2026" + ("" if compare == "none" else "; nothing to compare with: no data before 1 Nov 2026")
    assert label(filters) == expected
