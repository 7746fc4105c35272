"""The viewer's time zone and calendar day, and the running day of the territory that the page shows."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

RUNNING_DAY_KEY = "day"
"""Session state: a function that returns the running day, and the day for which the page was drawn."""


def viewer_timezone() -> ZoneInfo:
    """The time zone of the viewer's browser; UTC where it names none."""
    return ZoneInfo(st.context.timezone or "UTC")


def viewer_today() -> date:
    """The viewer's calendar day."""
    return datetime.now(viewer_timezone()).date()


def set_running_day(running_day: Callable[[], date]) -> None:
    """Set how the page knows its running day: the chosen territory may be in another day than the viewer."""
    st.session_state[RUNNING_DAY_KEY] = running_day, running_day()
