"""Dates of a file as local times."""

from datetime import datetime

import pytest

from otklik.intake.errors import RowRejected
from otklik.intake.mapping.dates import DateFormat

ISO = DateFormat(("ISO",), None, frozenset({"deadline_at"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-28", "2026-11-28 23:59:59"),
        ("20261128", "2026-11-28 23:59:59"),
        ("2026-W48-6", "2026-11-28 23:59:59"),
        ("2026-11-28T10", "2026-11-28 10:00:00"),
        ("2026-11-28 1005", "2026-11-28 10:05:00"),
        ("20261127T235900", "2026-11-27 23:59:00"),
        ("2026-11-28T00", "2026-11-28 00:00:00"),
        ("2026-11-28T10:05:00.250", "2026-11-28 10:05:00.250000"),
        ("2026-11-28T10Z", "2026-11-28 10:00:00+00:00"),
        ("20261128T1005+0500", "2026-11-28 10:05:00+05:00"),
    ],
)
def test_an_iso_time_counts_however_it_is_written(text: str, expected: str) -> None:
    assert str(ISO.local_time("deadline_at", text)) == expected


@pytest.mark.parametrize("text", ["2026-11", "2026", "10:05", "2026-11-31", "28.11.2026", "1767225600", "2" * 5000])
def test_what_is_no_iso_date_is_rejected(text: str) -> None:
    with pytest.raises(RowRejected, match="an unreadable date"):
        ISO.local_time("deadline_at", text)


def test_a_date_with_a_time_written_without_colons() -> None:
    compact = DateFormat(("%d.%m.%Y %H%M", "%d.%m.%Y"), None, frozenset({"deadline_at"}))
    assert compact.local_time("deadline_at", "28.11.2026 1005") == datetime(2026, 11, 28, 10, 5)  # noqa: DTZ001
    assert compact.local_time("deadline_at", "28.11.2026") == datetime(2026, 11, 28, 23, 59, 59)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("Excel", "46354", "2026-11-28 23:59:59"),
        ("Excel", "46354.0", "2026-11-28 23:59:59"),
        ("Excel", "46354,5", "2026-11-28 12:00:00"),
        ("Excel", "46354.4201388889", "2026-11-28 10:05:00"),
        ("Unix", "1795860300", "2026-11-28 10:05:00+00:00"),
        ("Unix ms", "1795860300250", "2026-11-28 10:05:00.250000+00:00"),
    ],
)
def test_a_number_is_a_date_in_a_named_format(pattern: str, text: str, expected: str) -> None:
    numbers = DateFormat((pattern, "%d.%m.%Y"), None, frozenset({"deadline_at"}))
    assert str(numbers.local_time("deadline_at", text)) == expected
    assert str(numbers.local_time("deadline_at", "28.11.2026")) == "2026-11-28 23:59:59"


@pytest.mark.parametrize("text", ["nan", "inf", "1e300", "28/11/2026", ""])
def test_no_other_text_is_a_number_of_days_or_seconds(text: str) -> None:
    for pattern in ("Excel", "Unix", "Unix ms"):
        with pytest.raises(RowRejected, match="an unreadable date"):
            DateFormat((pattern,), None, frozenset()).local_time("received_at", text)
