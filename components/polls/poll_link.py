"""Links to polls, which keep the filters of the list."""

import streamlit as st

from components.url.links import list_params, period_of_address
from otklik.i18n import _
from otklik.paths import ROOT


def poll_link(label: str, number: str) -> None:
    """A link to one poll."""
    page = ROOT / "pages" / "polls.py"
    st.page_link(page, label=label, query_params=list_params(poll=number, **period_of_address()), width="stretch")


def list_link() -> None:
    """A link back to all polls."""
    page, params = ROOT / "pages" / "polls.py", list_params(**period_of_address())
    st.page_link(page, label=_("All polls"), icon=":material/arrow_back:", query_params=params)
