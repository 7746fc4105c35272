from datetime import timedelta

import pytest

from otklik.i18n import durations


@pytest.mark.parametrize(
    ("hours", "expected_text"),
    [
        (0.001, "1 min"),
        (0.99, "59 mins"),
        (1, "1 hr"),
        (23.99, "23 hrs"),
        (24, "1 day"),
        (47.9, "1 day"),
        (48, "2 days"),
    ],
)
def test_a_duration_is_written_in_its_largest_whole_unit(hours: float, expected_text: str) -> None:
    assert durations.format_duration(hours).replace("\N{NO-BREAK SPACE}", " ") == expected_text


def test_time_left_and_overdue_name_the_duration() -> None:
    hours = timedelta(days=3, hours=4) / timedelta(hours=1)
    assert durations.time_left(hours).replace("\N{NO-BREAK SPACE}", " ") == "3 days left"
    assert durations.time_overdue(hours).replace("\N{NO-BREAK SPACE}", " ") == "overdue by 3 days"
