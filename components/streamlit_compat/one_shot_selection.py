"""Clicks on charts, maps and tables that lead elsewhere: each counts once, and can be repeated after Back.

Streamlit knows selections, not clicks: the browser keeps what was clicked selected until everything is drawn that the
click led to. Until then the same click after Back changes nothing, so no event is sent. Therefore the widget gets a new
key, and with that an empty selection, after each click. `on_click` for these elements would replace this module:
https://github.com/streamlit/streamlit/issues/10190.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.streamlit_compat.dropped_widget import is_dropped

CLICK_COUNTS_KEY = "turns"
"""Where the session keeps how many clicks each widget has handled."""


def one_shot_selection(key: str, handle_selection: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The options `key` and `on_select` of a chart, map or table.

    `handle_selection` gets the selection and returns whether that was a click that leads somewhere.
    """
    click_counts: dict[str, int] = st.session_state.setdefault(CLICK_COUNTS_KEY, {})
    click_count = click_counts.get(key, 0)
    widget_key = f"{key}-{click_count}"

    def handle_click() -> None:
        if is_dropped(widget_key) or click_counts.get(key, 0) != click_count:
            return
        if handle_selection(st.session_state[widget_key]["selection"]):
            click_counts[key] = click_count + 1

    return {"key": widget_key, "on_select": handle_click}
