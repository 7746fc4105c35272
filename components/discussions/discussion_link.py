"""Links to discussions, which keep the filters of the list."""

import streamlit as st

from components.url.links import list_params, period_of_address
from otklik.i18n import _
from otklik.paths import ROOT


def discussion_link(label: str, number: str) -> None:
    """A link to one discussion."""
    page = ROOT / "pages" / "discussions.py"
    st.page_link(page, label=label, query_params=list_params(discussion=number, **period_of_address()), width="stretch")


def list_link() -> None:
    """A link back to all discussions."""
    page, params = ROOT / "pages" / "discussions.py", list_params(**period_of_address())
    st.page_link(page, label=_("All discussions"), icon=":material/arrow_back:", query_params=params)
