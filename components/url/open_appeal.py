"""Opening an appeal after a click on a list or a map."""

import streamlit as st

from otklik.paths import ROOT

REQUEST_KEY = "open-appeal"  # of the session state
OTHER_APPEAL_PARAMS = ("source", "region")
"""Query parameters that tell appeals of one number apart: those of the appeal before mean nothing for the next."""


def request_appeal(number: str) -> None:
    """Ask for an appeal's page, which keeps the parameters of the current one; see `request_page`."""
    request_page(
        {name: value for name, value in st.query_params.items() if name not in OTHER_APPEAL_PARAMS} | {"number": number}
    )


def request_page(params: dict[str, str]) -> None:
    """Ask for an appeal's page by its query parameters.

    A callback can't switch pages: `open_requested_appeal` does, in the run after it.
    """
    st.session_state[REQUEST_KEY] = params


def open_requested_appeal() -> None:
    """Switch to the page of a requested appeal, if there is one; Back leads to the current page again."""
    params: dict[str, str] | None = st.session_state.pop(REQUEST_KEY, None)
    if params is not None:
        # Streamlit first adds the new query string to the history under the old page: that page's filters stay in it.
        st.switch_page(ROOT / "pages" / "appeal.py", query_params=params)
