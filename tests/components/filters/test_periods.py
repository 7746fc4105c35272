from dataclasses import replace
from datetime import date, timedelta

import pytest

from components.filters import periods
from components.tiles.kpi_tile import trailing_empty_days
from queries.filters import Filters

TODAY = date(2025, 11, 24)
FRIDAY = 4


RUNNING = periods.RunningDays(TODAY, TODAY)


@pytest.mark.parametrize("running", [RUNNING, periods.RunningDays(TODAY, date(2025, 11, 25))])
@pytest.mark.parametrize(
    ("preset", "start"), [("7d", date(2025, 11, 17)), ("28d", date(2025, 10, 27)), ("91d", date(2025, 8, 25))]
)
def test_whole_weeks_end_with_the_last_day_that_is_over_everywhere(
    preset: str, start: date, running: periods.RunningDays
) -> None:
    assert periods.preset_range(preset, date(2024, 10, 20), running) == (start, TODAY)


@pytest.mark.parametrize("preset", periods.WHOLE_WEEKS)
def test_a_pattern_of_the_week_is_no_change_between_whole_weeks(preset: str) -> None:
    """Steady weeks with idle week-ends: thirty days including a day that goes on found a change in them."""
    for today in (TODAY + timedelta(days=day) for day in range(7)):
        filters = Filters(*periods.preset_range(preset, date(2024, 1, 1), periods.RunningDays(today, today)))
        comparison = filters.comparison_filters()
        assert comparison
        assert received_of_steady_weeks(filters, today) == received_of_steady_weeks(comparison, today)
        assert comparison.end == filters.start
    former = Filters(TODAY - timedelta(days=29), TODAY + timedelta(days=1))
    thirty_days_before = replace(former, start=former.start - timedelta(days=30), end=former.start)
    assert received_of_steady_weeks(former, TODAY) < received_of_steady_weeks(thirty_days_before, TODAY)


def received_of_steady_weeks(filters: Filters, today: date) -> int:
    """100 a working day and 10 on a day off; of the day that goes on, as many as have come by its first hour."""
    days = (filters.start + timedelta(days=day) for day in range((filters.end - filters.start).days))
    return sum(4 if day == today else 10 if day.weekday() > FRIDAY else 100 for day in days)


def test_codes_of_older_addresses_have_a_preset() -> None:
    assert {code: periods.current_preset(code) for code in ("7d", "30d", "90d", "month", "12m")} == {
        "7d": "7d",
        "30d": "28d",
        "90d": "91d",
        "month": "month",
        "12m": "12m",
    }


@pytest.mark.parametrize(
    ("preset", "start"),
    [
        ("today", date(2025, 11, 24)),
        ("month", date(2025, 11, 1)),
        ("quarter", date(2025, 10, 1)),
        ("year", date(2025, 1, 1)),
        ("12m", date(2024, 11, 25)),
        ("all", date(2024, 10, 20)),
    ],
)
def test_a_preset_of_the_calendar_ends_with_today(preset: str, start: date) -> None:
    assert periods.preset_range(preset, date(2024, 10, 20), RUNNING) == (start, date(2025, 11, 25))


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2024, 2, 28), date(2023, 3, 1)),
        (date(2024, 2, 29), date(2023, 3, 1)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2028, 2, 28), date(2027, 3, 1)),
        (date(2028, 3, 1), date(2027, 3, 2)),
    ],
)
def test_twelve_months_begin_the_day_after_that_of_last_year(today: date, start: date) -> None:
    assert periods.preset_range("12m", TODAY, periods.RunningDays(today, today))[0] == start


def test_every_preset_but_the_free_range_has_bounds() -> None:
    for preset in periods.PRESET_LABELS:
        if preset != "range":
            periods.preset_range(preset, TODAY, RUNNING)


@pytest.mark.parametrize(("last", "usual"), [(date(2025, 9, 25), "28d"), (date(2025, 9, 24), "all")])
def test_old_data_are_shown_whole(last: date, usual: str) -> None:
    assert periods.default_preset(last, TODAY) == usual


@pytest.mark.parametrize(
    ("received", "quiet"),
    [([5, 0, 0, 0], 3), ([5, 4, 0, 0], 0), ([5, 0, 1, 0], 0), ([0, 0, 0], 0), ([5, 0, None], 2), ([], 0)],
)
def test_a_long_silence_at_the_end_is_left_out(received: list[float | None], quiet: int) -> None:
    assert trailing_empty_days(received) == quiet
