"""A message in the place of a chart or table without rows, and ways out of it."""

import streamlit as st

from components.url.page_filters import FILTER_PARAMS, set_filters
from otklik.i18n import _


def empty_state(message: str | None = None) -> None:
    """Show a message in grey; by default that the filters leave nothing."""
    st.markdown(f":gray[{message or _('Nothing in these days with these filters.')}]")


def empty_list(message: str | None, key: str, search_params: tuple[str, ...] = ()) -> None:
    """Show that a list is empty, with a button that clears its search and one that resets the filters, where set.

    `search_params`: the query parameters of the list's own search and choices. `key`: of the buttons.
    """
    empty_state(message)
    ways_out = (
        ("search", _("Clear the search"), ":material/search_off:", search_params),
        ("filters", _("Reset the filters"), ":material/restart_alt:", FILTER_PARAMS),
    )
    with st.container(horizontal=True, gap="small"):
        for name, label, icon, params in ways_out:
            if any(param in st.query_params for param in params):
                st.button(
                    label, icon=icon, key=f"{key}-clear-{name}", on_click=set_filters, kwargs=dict.fromkeys(params)
                )
