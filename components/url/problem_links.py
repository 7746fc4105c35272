"""Links to problems, which keep the filters of the board."""

import streamlit as st

from components.url.links import list_params
from otklik.i18n import _
from otklik.paths import ROOT


def problem_link(label: str, problem_id: int) -> None:
    """A link to one problem."""
    params = list_params(problem=str(problem_id))
    st.page_link(ROOT / "pages" / "problems.py", label=label, query_params=params, width="stretch")


def board_link() -> None:
    """A link back to the board."""
    page, params = ROOT / "pages" / "problems.py", list_params()
    st.page_link(page, label=_("All problems"), icon=":material/arrow_back:", query_params=params)
