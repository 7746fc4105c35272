"""The viewer's time zone and calendar day, and the running day of the territory that the page shows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from components.text.escape import escape_markdown
from otklik.i18n import _, formats
from otklik.i18n.timezones import timezone_name, utc_offset

RUNNING_DAY_KEY = "day"
"""Session state: a function that returns the running day, and the day for which the page was drawn."""


def viewer_timezone() -> ZoneInfo:
    """The time zone of the viewer's browser; UTC where it names none, or one that isn't known here."""
    return _find_zone(st.context.timezone or "UTC") or ZoneInfo("UTC")


def unknown_timezone_remark() -> str | None:
    """That times are in UTC, where the browser names a time zone that isn't known here, such as `Etc/Unknown`."""
    name = st.context.timezone
    if not name or _find_zone(name):
        return None
    zone = escape_markdown(name, 80)
    return _("Your browser's time zone, {zone}, isn't known here: times are in UTC.").format(zone=zone)


def _find_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def viewer_timezone_note() -> None:
    """Show the viewer's time zone, below a table of moments in it."""
    zone_text = timezone_name(viewer_timezone().key, datetime.now(UTC))
    st.caption(_("Time zone: {zone}").format(zone=escape_markdown(zone_text)))


def viewer_moment(at: datetime) -> str:
    """A day and a time of day in the viewer's time zone, which it names: `24 Nov, 14:03 (UTC+5)`."""
    local_time = at.astimezone(viewer_timezone())
    return f"{formats.moment(local_time)} ({utc_offset(local_time)})"


def viewer_clock(at: datetime) -> str:
    """A time of day in the viewer's time zone, which it names: `14:03:22 (UTC+5)`."""
    local_time = at.astimezone(viewer_timezone())
    return f"{formats.clock(local_time)} ({utc_offset(local_time)})"


def viewer_today() -> date:
    """The viewer's calendar day."""
    return datetime.now(viewer_timezone()).date()


def viewer_midnight(day: date) -> datetime:
    """The midnight at which a day begins in the viewer's time zone."""
    return datetime.combine(day, time(), viewer_timezone())


def set_running_day(running_day: Callable[[], date]) -> None:
    """Set how the page knows its running day: the chosen territory may be in another day than the viewer."""
    st.session_state[RUNNING_DAY_KEY] = running_day, running_day()
