"""What the address keeps when the menu opens another page: the person, the language and the filters."""

import streamlit as st

from components.url import query_params
from components.url.links import VIEWER_PARAMS, parse_list_query
from components.url.page_filters import FILTER_PARAMS
from otklik.pages import PAGES

PAGE_KEY, PARAMS_KEY = "page-shown", "params-to-carry"
"""Session state: the page of the last full run, and the values of `CARRIED_PARAMS` in its address."""
CARRIED_PARAMS = (*VIEWER_PARAMS, *FILTER_PARAMS)
APPEAL_PAGE = "appeal"


def carry_params(page: str) -> None:
    """Write the last page's person, language and filters into the address of a page that opens without parameters.

    Streamlit's menu opens pages so. A bare address on the same page, as after Back, stays as it is, or Back would lead
    nowhere. Call it in each full run, before anything reads the address.
    """
    if page != APPEAL_PAGE and "number" in st.query_params:
        leave_appeal()
    last_page, params = st.session_state.get(PAGE_KEY), st.session_state.get(PARAMS_KEY, {})
    if last_page not in (None, page) and not st.query_params.to_dict():
        query_params.write(**params)
    viewer_params = {name: params[name] for name in VIEWER_PARAMS if name in params}
    st.session_state[PAGE_KEY] = page
    st.session_state[PARAMS_KEY] = viewer_params | {
        name: st.query_params[name] for name in CARRIED_PARAMS if name in st.query_params
    }


def leave_appeal() -> None:
    """Take an appeal out of the address of another page, and put in the filters of the list that it was opened from.

    Streamlit adds the address of a page that is opened to the history of the page before it, so that Back leads there
    with the appeal's number. While somebody moves through the history, this changes no more than the current entry.
    """
    params = st.query_params.to_dict()
    list_params = parse_list_query(params.get("list", ""))
    kept_params = {name: value for name, value in params.items() if name not in PAGES[APPEAL_PAGE].params}
    st.query_params.from_dict(kept_params | list_params)


def known_params(page: str) -> frozenset[str]:
    """The parameters that a page knows or that the menu carries along; on an appeal's, those of the page before too."""
    pages = PAGES.values() if page == APPEAL_PAGE else [PAGES[page]]
    return frozenset((*CARRIED_PARAMS, *(name for declaration in pages for name in declaration.params)))


def viewer_param(name: str) -> str | None:
    """A parameter of `VIEWER_PARAMS` in the address, or else as this session's last address had it."""
    value: str | None = st.query_params.get(name) or st.session_state.get(PARAMS_KEY, {}).get(name)
    return value
