"""Time zones by their city and their distance from UTC."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from otklik import i18n
from otklik.i18n.timezones import moments_zone, timezone_city, timezone_name

SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "name"),
    [
        ("en", "Asia/Yekaterinburg", "Yekaterinburg (UTC+5)"),
        ("ru", "Asia/Yekaterinburg", "Екатеринбург (UTC+5)"),
        ("hr", "Europe/Zagreb", "Zagreb (UTC+2)"),
        ("en", "America/New_York", "New York (UTC−4)"),
        ("en", "Asia/Kolkata", "Kolkata (UTC+5:30)"),
        ("en", "UTC", "UTC"),
        ("en", "Etc/GMT-5", "UTC+5"),
    ],
)
def test_a_zone_is_named_by_its_city_and_its_distance_from_utc(language: str, zone: str, name: str) -> None:
    i18n.set_language(language)
    assert timezone_name(zone, SUMMER) == name


def test_a_head_over_times_of_all_seasons_names_the_city_alone() -> None:
    assert [timezone_city(zone) for zone in ("Europe/London", "UTC", "Etc/GMT-5")] == ["London", "UTC", "Etc/GMT-5"]


def test_a_column_of_moments_names_its_zone_with_the_distance_that_all_of_them_have() -> None:
    zagreb = ZoneInfo("Europe/Zagreb")
    assert moments_zone(zagreb, [WINTER]) == "Zagreb, UTC+1"
    assert moments_zone(zagreb, [WINTER, SUMMER]) == "Zagreb"
    assert moments_zone(timezone(timedelta(hours=3)), [WINTER, SUMMER]) == "UTC+3"
    assert moments_zone(ZoneInfo("UTC"), [WINTER]) == moments_zone(UTC, [WINTER]) == "UTC"
