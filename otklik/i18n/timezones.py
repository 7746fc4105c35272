"""Names of time zones in the current language."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import dates

from otklik.i18n import formats


def timezone_name(zone: str, at: datetime) -> str:
    """A time zone by its city and its distance from UTC at a moment: `Yekaterinburg (UTC+5)`; `UTC` without a city."""
    offset_minutes = (at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(abs(offset_minutes), 60)
    sign = "+" if offset_minutes > 0 else formats.MINUS
    offset_text = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "") if offset_minutes else "UTC"
    if "/" not in zone or zone.startswith("Etc/"):
        return offset_text
    city = dates.get_timezone_location(zone, locale=formats.current_locale(), return_city=True)
    return f"{city} ({offset_text})"
