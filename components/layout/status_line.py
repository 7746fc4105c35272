"""Whether a page is live, as of when, and for which days."""

from datetime import datetime

import streamlit as st

from components.layout.local_day import viewer_timezone
from components.url.page_filters import filter_summary
from otklik.i18n import _, formats


def status_line(as_of: datetime, *, away: bool, demo: bool, period: str) -> None:
    """One line: whether the screen is live, as of when, which days, and "demo data"."""
    st.session_state[FILTER_SUMMARY_KEY] = " · ".join(text for text in (filter_summary(), period) if text)
    clock = formats.clock(as_of.astimezone(viewer_timezone()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if away:
            st.badge(_("Database away"), icon=":material/cloud_off:", color="red")
        else:
            st.badge(_("Live"), icon=":material/sensors:", color="green")
        st.markdown(_("As of **{time}**").format(time=clock), width="content")
        st.caption(period, width="stretch")
        if demo:
            st.badge(_("Demo data"), icon=":material/science:", color="orange")
    if away:
        st.warning(
            _("The database is away: these are the last figures. They come back by themselves."),
            icon=":material/cloud_off:",
        )


FILTER_SUMMARY_KEY = (
    "about"  # what the page is narrowed to, in words: it stands on each picture and in each spreadsheet
)
