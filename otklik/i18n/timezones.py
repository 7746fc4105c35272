"""Names of time zones in the current language."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel import dates

from otklik.i18n import formats


def timezone_name(zone: str, at: datetime) -> str:
    """A time zone by its city and its distance from UTC at a moment: `Yekaterinburg (UTC+5)`; `UTC` without a city."""
    offset_text = utc_offset(at.astimezone(ZoneInfo(zone)))
    city = _city(zone)
    return f"{city} ({offset_text})" if city else offset_text


def timezone_city(zone: str) -> str:
    """The city of a time zone, for times of summer and winter alike: `Yekaterinburg`; a zone without one as it is."""
    return _city(zone) or zone


def moments_zone(zone: tzinfo, moments: Iterable[datetime]) -> str:
    """A time zone as the head of a column of moments: `Moscow, UTC+3`; a city alone over summer and winter.

    A zone without a name or a city is its distance from UTC: `UTC+3`, or `UTC`.
    """
    offsets = list(dict.fromkeys(utc_offset(at.astimezone(zone)) for at in moments))
    city = _city(zone.key) if isinstance(zone, ZoneInfo) else ""
    return ", ".join([city, *offsets] if city and len(offsets) == 1 else [city] if city else offsets)


def utc_offset(at: datetime) -> str:
    """The distance from UTC of a moment in its own time zone: `UTC+5`."""
    offset_minutes = (at.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(abs(offset_minutes), 60)
    sign = "+" if offset_minutes > 0 else formats.MINUS
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "") if offset_minutes else "UTC"


def _city(zone: str) -> str:
    """The city of a time zone in the current language; empty for one without a city."""
    if "/" not in zone or zone.startswith("Etc/"):
        return ""
    return dates.get_timezone_location(zone, locale=formats.current_locale(), return_city=True)
