"""Periods are compared with others of the same weekdays, and only where there are data."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from queries.filters import Filters

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "compare", "others"),
    [
        # A day with that of the week before, whole weeks with those just before.
        ("2026-11-27", "2026-11-27", "previous", ("2026-11-20", "2026-11-20")),
        ("2026-11-23", "2026-11-29", "previous", ("2026-11-16", "2026-11-22")),
        ("2026-10-31", "2026-11-29", "previous", ("2026-09-26", "2026-10-25")),
        ("2026-11-23", "2026-11-29", "year", ("2025-11-24", "2025-11-30")),
        # Around a leap day the length stays.
        ("2024-02-28", "2024-02-28", "year", ("2023-03-01", "2023-03-01")),
        ("2024-02-29", "2024-02-29", "year", ("2023-03-02", "2023-03-02")),
        ("2025-02-28", "2025-03-01", "year", ("2024-03-01", "2024-03-02")),
    ],
)
def test_the_comparison_has_the_same_weekdays(first: str, last: str, compare: str, others: tuple[str, str]) -> None:
    filters = Filters(date.fromisoformat(first), date.fromisoformat(last) + DAY, compare)  # type: ignore[arg-type]
    comparison = filters.comparison_filters()
    assert comparison
    assert (comparison.start.isoformat(), (comparison.end - DAY).isoformat()) == others
    assert comparison.end - comparison.start == filters.end - filters.start
    assert comparison.start.weekday() == filters.start.weekday()


def test_there_is_no_comparison_with_days_before_the_data() -> None:
    week = Filters(date(2026, 11, 23), date(2026, 11, 30), data_start=date(2026, 11, 16))
    assert week.comparison_filters()
    assert replace(week, data_start=date(2026, 11, 17)).comparison_filters() is None
    assert replace(week, compare="year").comparison_filters() is None
    assert replace(week, compare="none", data_start=None).comparison_filters() is None
