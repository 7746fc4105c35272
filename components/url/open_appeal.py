"""Opening an appeal after a click on a list or a map."""

from typing import TYPE_CHECKING

import streamlit as st

from otklik.paths import ROOT

if TYPE_CHECKING:
    import pandas as pd

OTHER_APPEAL_PARAMS = ("source", "region")
"""Query parameters that tell appeals of one number apart: those of the appeal before mean nothing for the next."""


def request_appeal(number: str) -> None:
    """Ask for an appeal's page. A callback can't switch pages: `open_requested_appeal` does, in the run after it."""
    st.session_state["open-appeal"] = number


def open_requested_appeal() -> None:
    """Switch to the page of a requested appeal, if there is one; Back leads to the current page again."""
    number = st.session_state.pop("open-appeal", None)
    if number is not None:
        # Streamlit first adds the new query string to the history under the old page: that page's filters stay in it.
        params = {name: value for name, value in st.query_params.items() if name not in OTHER_APPEAL_PARAMS}
        st.switch_page(ROOT / "pages" / "appeal.py", query_params={**params, "number": number})


def open_clicked_appeal(rows: "pd.DataFrame", position: int | None) -> None:
    """Switch to the page of the appeal whose number was clicked in a table of these rows, if one was."""
    if position is not None:
        request_appeal(str(rows["number"].iloc[position]))
        open_requested_appeal()
