"""The status line of a page: live or not, as of when, and for which days."""

from datetime import datetime

import streamlit as st

from components.layout.local_day import viewer_clock
from components.layout.narrow_screen import DAYS_KEY, PERIOD_KEY, STATUS_KEY
from components.text.escape import escape_markdown
from components.url.page_filters import filter_summary
from otklik.i18n import N_, _

MAX_REASON_LENGTH = 300
"""Characters of an error message on the screen."""
TIMES_HINT = N_(
    "Deadlines and other times of an appeal are in the time zone of its region; what people did here, in yours."
)
FILTER_SUMMARY_KEY = "about"
"""Session state: the filters and days in words, which stand on each picture and in each spreadsheet of the page."""


def status_line(as_of: datetime, *, away: bool, demo: bool, period: str, days: str = "", away_reason: str = "") -> None:
    """Show whether the database answers, the time of the data, the days, and a mark for demo data.

    `period` says what the days are compared with; on a phone, the bare `days` stand for it until the filters are shown.

    Also keeps the filters in words, for the files of export menus.
    """
    st.session_state[FILTER_SUMMARY_KEY] = " · ".join(text for text in (filter_summary(), period) if text)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=STATUS_KEY):
        if away:
            st.badge(_("Database away"), icon=":material/cloud_off:", color="red")
        else:
            st.badge(_("Live"), icon=":material/sensors:", color="green")
        st.markdown(_("As of **{time}**").format(time=viewer_clock(as_of)), width="content", help=_(TIMES_HINT))
        with st.container(key=PERIOD_KEY):
            st.caption(period)
        if days:
            with st.container(key=DAYS_KEY):
                st.caption(days)
        if demo:
            with st.container(key="demo-mark", width="content"):
                st.badge(_("Demo data"), icon=":material/science:", color="orange")
    if away:
        st.warning(
            _("The database is away: these are the last figures. They come back by themselves."),
            icon=":material/cloud_off:",
        )
        show_away_reason(away_reason)


def show_away_reason(reason: str) -> None:
    """Show to an administrator why the database stays away, if that is known."""
    if reason:
        st.caption(_("The database says: {reason}").format(reason=escape_markdown(reason, MAX_REASON_LENGTH)))
