"""Links to discussions, which keep the filters of the list."""

import streamlit as st

from components.url.links import PERIOD_PARAMS, list_params
from otklik.i18n import _
from otklik.paths import ROOT


def discussion_link(label: str, number: str) -> None:
    """A link to one discussion."""
    page = ROOT / "pages" / "discussions.py"
    st.page_link(page, label=label, query_params=list_params(discussion=number, **_period()), width="stretch")


def list_link() -> None:
    """A link back to all discussions."""
    page, params = ROOT / "pages" / "discussions.py", list_params(**_period())
    st.page_link(page, label=_("All discussions"), icon=":material/arrow_back:", query_params=params)


def _period() -> dict[str, str]:
    """The period of the address, by which decided discussions are chosen."""
    return {name: st.query_params[name] for name in PERIOD_PARAMS if name in st.query_params}
