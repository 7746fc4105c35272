"""Opening an appeal from a list or a map."""

import streamlit as st

from components import frame

KEPT = ("lang", "as")  # of the address: who looks, in which language


def ask(number: str) -> None:
    """Open an appeal once the run that the click began comes to `opened`: a callback can't leave the page."""
    st.session_state["open-appeal"] = number


def opened() -> None:
    """Go to the appeal that was asked for; the page before is one step back in the browser."""
    number = st.session_state.pop("open-appeal", None)
    if number is not None and "appeal" in frame.PAGES:
        kept = {name: st.query_params[name] for name in KEPT if name in st.query_params}
        st.switch_page("pages/appeal.py", query_params={"number": number, **kept})
