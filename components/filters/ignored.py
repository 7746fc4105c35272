"""The filters of the address on a page that has no filter bar."""

import streamlit as st

from components.url.page_filters import FILTER_PARAMS
from otklik.i18n import _


def ignored_filters_note() -> None:
    """Say that the filters in the address don't narrow this page, if there are any."""
    if any(name in st.query_params for name in FILTER_PARAMS):
        st.caption(_("The filters of the other pages are kept in the address, and don't narrow this page."))
