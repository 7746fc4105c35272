"""Names of time zones in the current language."""

from datetime import datetime, timedelta
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
