"""Values by which a database is read on: kept as JSON, set back, and none of the future."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from otklik.data_sources.kinds.column_values import earlier, from_json, is_in_future, to_json

ZONED = datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=3)))


@pytest.mark.parametrize(
    ("value", "before"),
    [
        (ZONED, ZONED - timedelta(seconds=300)),
        (ZONED.replace(tzinfo=None), ZONED.replace(tzinfo=None) - timedelta(seconds=300)),
        (date(2026, 3, 1), date(2026, 2, 28)),
        (1000, 700),
        (Decimal("1000.5"), Decimal("700.5")),
        ("ab-17", "ab-17"),
        (b"\x00\x00\x07\xd1", b"\x00\x00\x07\xd1"),
    ],
)
def test_a_value_comes_back_from_json_and_is_set_back(value: object, before: object) -> None:
    stored = from_json(json.loads(json.dumps(to_json(value))))
    assert (type(stored), stored) == (type(value), value)
    assert earlier(stored, 300) == before


def test_a_moment_is_in_the_future_where_it_is_so_on_every_clock() -> None:
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert is_in_future(now + hour)
    assert not is_in_future(now - hour)
    assert is_in_future(now.replace(tzinfo=None) + 15 * hour)
    assert not is_in_future(now.replace(tzinfo=None) + 13 * hour)
    assert is_in_future(now.date() + timedelta(days=3))
    assert not is_in_future(now.date())
    assert not is_in_future(10**12)
