"""The viewer's time zone and calendar day, and the running day of the territory that the page shows."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from components.text.escape import escape_markdown
from otklik.i18n import _

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


def viewer_today() -> date:
    """The viewer's calendar day."""
    return datetime.now(viewer_timezone()).date()


def set_running_day(running_day: Callable[[], date]) -> None:
    """Set how the page knows its running day: the chosen territory may be in another day than the viewer."""
    st.session_state[RUNNING_DAY_KEY] = running_day, running_day()
