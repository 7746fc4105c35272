"""The address of a screen: every choice of its filters stands in it by code.

Streamlit's own binding writes the label that is shown, which differs from
language to language; a link must mean the same to whoever opens it.
"""

from collections.abc import Collection
from datetime import date

import streamlit as st

DRAWN_KEY, CHANGED_KEY = "address-drawn", "address-strayed"


def read(name: str, allowed: Collection[str], default: str, invalid: list[str]) -> str:
    """The value of a parameter; an unknown one is added to `bad` and ignored."""
    value = st.query_params.get(name)
    if value is None or value == default:
        return default
    if value in allowed:
        return value
    invalid.append(f"{name}={value}")
    return default


def read_day(name: str, invalid: list[str]) -> date | None:
    """A day as `2025-11-24`; another text is added to `bad` and ignored."""
    value = st.query_params.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        invalid.append(f"{name}={value}")
        return None


def write(**values: str | None) -> None:
    """Put these parameters into the address; None takes one out. It is one step of the browser's way back."""
    old_params = st.query_params.to_dict()
    new_params = {name: value for name, value in (old_params | values).items() if value is not None}
    if new_params != old_params:
        st.query_params.from_dict(new_params)


def mark_drawn(names: Collection[str]) -> None:
    """Note what the address says of these, as the page is drawn by it."""
    st.session_state[DRAWN_KEY] = {name: st.query_params.get(name) for name in names}


def changed_since_drawn() -> bool:
    """Whether the address says something else than the page was drawn by, at two looks one after the other.

    A refresh that was under way as the page was narrowed comes with the address of before: the page may be drawn by
    that, while the browser shows the new one.
    """
    drawn_params: dict[str, str | None] = st.session_state.get(DRAWN_KEY, {})
    current_params = {name: st.query_params.get(name) for name in drawn_params}
    previous_look = st.session_state.pop(CHANGED_KEY, None)
    if current_params == drawn_params:
        return False
    st.session_state[CHANGED_KEY] = current_params
    return bool(current_params == previous_look)
