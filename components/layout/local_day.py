"""The viewer's time zone and calendar day, and the day that the shown territory is still in."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

RUNNING_DAY_KEY = "day"  # how the day that goes on is known, and which one the page was drawn on


def viewer_timezone() -> ZoneInfo:
    """The viewer's time zone, as the browser says it."""
    return ZoneInfo(st.context.timezone or "UTC")


def viewer_today() -> date:
    """The viewer's calendar day."""
    return datetime.now(viewer_timezone()).date()


def set_running_day(running_day: Callable[[], date]) -> None:
    """Go by this for the day that goes on, until another page says otherwise: the chosen territory's is not ours."""
    st.session_state[RUNNING_DAY_KEY] = running_day, running_day()
