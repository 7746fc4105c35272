"""What the address keeps when the menu opens another page: the person, the language and the filters."""

import streamlit as st

from components.url import query_params
from components.url.links import VIEWER_PARAMS
from components.url.page_filters import FILTER_PARAMS

PAGE_KEY, PARAMS_KEY = "page-shown", "params-to-carry"
"""Session state: the page of the last full run, and the values of `CARRIED_PARAMS` in its address."""
CARRIED_PARAMS = (*VIEWER_PARAMS, *FILTER_PARAMS)


def carry_params(page: str) -> None:
    """Write the last page's person, language and filters into the address of a page that opens without parameters.

    Streamlit's menu opens pages so. A bare address on the same page, as after Back, stays as it is, or Back would lead
    nowhere. Call it in each full run, before anything reads the address.
    """
    last_page, params = st.session_state.get(PAGE_KEY), st.session_state.get(PARAMS_KEY, {})
    if last_page not in (None, page) and not st.query_params.to_dict():
        query_params.write(**params)
    viewer_params = {name: params[name] for name in VIEWER_PARAMS if name in params}
    st.session_state[PAGE_KEY] = page
    st.session_state[PARAMS_KEY] = viewer_params | {
        name: st.query_params[name] for name in CARRIED_PARAMS if name in st.query_params
    }


def viewer_param(name: str) -> str | None:
    """A parameter of `VIEWER_PARAMS` in the address, or else as this session's last address had it."""
    value: str | None = st.query_params.get(name) or st.session_state.get(PARAMS_KEY, {}).get(name)
    return value
