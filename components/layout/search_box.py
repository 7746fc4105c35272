"""The search box of the page's head: an appeal's number opens it, any other text searches the open appeals."""

from collections.abc import Callable, Sized

import streamlit as st

from components.streamlit_compat.browser.search_shortcut import focus_by_slash
from components.streamlit_compat.dropped_widget import is_dropped
from components.url import links, query_params
from components.url.open_appeal import open_requested_appeal, request_appeal
from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.i18n import _
from otklik.paths import ROOT

KEY, REQUEST_KEY = "search-anywhere", "search-requested"
WIDTH = 190  # pixels
MAX_SEARCH_LENGTH = 200

FindAppeals = Callable[[str], Sized]
"""The appeals with exactly this number that the viewer may see."""


def search_box(find_appeals: FindAppeals) -> None:
    """A box for a number or words, also reached by the key `/`; it leads on in the run after the text was entered."""
    search_text = st.session_state.pop(REQUEST_KEY, "")
    if search_text:
        open_search_result(search_text, find_appeals)
    with st.container(width="content", gap=None):
        st.text_input(
            _("Search appeals"),
            key=KEY,
            placeholder=_("Number, words ( / )"),
            icon=":material/search:",
            max_chars=MAX_SEARCH_LENGTH,
            label_visibility="collapsed",
            width=WIDTH,
            on_change=request_search,
        )
        focus_by_slash(KEY)


def request_search() -> None:
    """Take the text out of the box: a callback, which can't switch pages."""
    if is_dropped(KEY):
        return
    search_text = st.session_state[KEY].strip()
    st.session_state[KEY] = ""
    if query_params.is_storable(search_text):
        st.session_state[REQUEST_KEY] = search_text


def open_search_result(search_text: str, find_appeals: FindAppeals) -> None:
    """Switch to the appeal with this number, or to the open appeals that have these words.

    Language, person and filters stay in the address; on the list of open appeals, its criteria too.
    """
    try:
        is_number = len(find_appeals(search_text)) > 0
    except (DatabaseUnavailable, QueryTimeout):
        is_number = False
    if is_number:
        request_appeal(search_text)
        open_requested_appeal()
    list_params = links.parse_list_query(links.list_query() or st.query_params.get("list", ""))
    st.switch_page(
        ROOT / "pages" / "queue.py",
        query_params={**list_params, **links.viewer_params(), "q": search_text},
    )
