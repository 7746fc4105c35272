"""Links to polls, which keep the filters of the list."""

import streamlit as st

from components.url.links import PERIOD_PARAMS, list_params
from otklik.i18n import _
from otklik.paths import ROOT


def poll_link(label: str, number: str) -> None:
    """A link to one poll."""
    page = ROOT / "pages" / "polls.py"
    st.page_link(page, label=label, query_params=list_params(poll=number, **_period()), width="stretch")


def list_link() -> None:
    """A link back to all polls."""
    page, params = ROOT / "pages" / "polls.py", list_params(**_period())
    st.page_link(page, label=_("All polls"), icon=":material/arrow_back:", query_params=params)


def _period() -> dict[str, str]:
    """The period of the address, by which closed polls are chosen."""
    return {name: st.query_params[name] for name in PERIOD_PARAMS if name in st.query_params}
