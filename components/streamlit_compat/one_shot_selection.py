"""A click that leads elsewhere: it counts once, and the same click works again after Back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

CLICK_COUNTS_KEY = "turns"
"""How many clicks each widget has led by."""


def one_shot_selection(key: str, handle_selection: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The key and `on_select` of a widget; `act` gets its selection and says whether that led anywhere."""
    click_counts: dict[str, int] = st.session_state.setdefault(CLICK_COUNTS_KEY, {})
    click_count = click_counts.get(key, 0)
    widget_key = f"{key}-{click_count}"

    def handle_click() -> None:
        if click_counts.get(key, 0) == click_count and handle_selection(st.session_state[widget_key]["selection"]):
            click_counts[key] = click_count + 1

    return {"key": widget_key, "on_select": handle_click}
