"""Opening an appeal from a list or a map."""

import streamlit as st

from otklik.paths import ROOT


def request_appeal(number: str) -> None:
    """Open an appeal once the run that the click began comes to `opened`: a callback can't leave the page."""
    st.session_state["open-appeal"] = number


def open_requested_appeal() -> None:
    """Go to the appeal that was asked for; the page before is one step back in the browser."""
    number = st.session_state.pop("open-appeal", None)
    if number is not None:
        # Streamlit puts the new address under the old page into the browser's history: it has to mean that page still.
        st.switch_page(ROOT / "pages" / "appeal.py", query_params={**st.query_params.to_dict(), "number": number})
