from datetime import date

import pytest

from components.filters import periods
from components.tiles.kpi_tile import trailing_empty_days

TODAY = date(2025, 11, 24)


@pytest.mark.parametrize(
    ("preset", "start"),
    [
        ("today", date(2025, 11, 24)),
        ("7d", date(2025, 11, 18)),
        ("30d", date(2025, 10, 26)),
        ("90d", date(2025, 8, 27)),
        ("month", date(2025, 11, 1)),
        ("quarter", date(2025, 10, 1)),
        ("year", date(2025, 1, 1)),
        ("12m", date(2024, 11, 25)),
        ("all", date(2024, 10, 20)),
    ],
)
def test_a_preset_ends_with_today(preset: str, start: date) -> None:
    assert periods.preset_range(preset, date(2024, 10, 20), TODAY) == (start, date(2025, 11, 25))


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
    assert periods.preset_range("12m", TODAY, today)[0] == start


def test_every_preset_but_the_free_range_has_bounds() -> None:
    for preset in periods.PRESET_LABELS:
        if preset != "range":
            periods.preset_range(preset, TODAY, TODAY)


@pytest.mark.parametrize(("last", "usual"), [(date(2025, 9, 25), "30d"), (date(2025, 9, 24), "all")])
def test_old_data_are_shown_whole(last: date, usual: str) -> None:
    assert periods.default_preset(last, TODAY) == usual


@pytest.mark.parametrize(
    ("received", "quiet"),
    [([5, 0, 0, 0], 3), ([5, 4, 0, 0], 0), ([5, 0, 1, 0], 0), ([0, 0, 0], 0), ([5, 0, None], 2), ([], 0)],
)
def test_a_long_silence_at_the_end_is_left_out(received: list[float | None], quiet: int) -> None:
    assert trailing_empty_days(received) == quiet
