"""Query parameters of a page: reading them with validation, and writing them as one step of the browser's history.

Their values are codes. Streamlit's own `bind="query-params"` writes the label of an option, which differs between
languages; a link has to mean the same for everybody who opens it.
"""

from collections.abc import Collection
from datetime import date

import streamlit as st

DRAWN_KEY, CHANGED_KEY = "address-drawn", "address-strayed"
"""Session state: the parameters that the page was drawn from, and others that the last look at the address found."""


def read(name: str, allowed: Collection[str], default: str, invalid: list[str]) -> str:
    """The value of a parameter, or the default; an unknown value is ignored and appended to `invalid`."""
    value = st.query_params.get(name)
    if value is None or value == default:
        return default
    if value in allowed:
        return value
    invalid.append(f"{name}={value}")
    return default


def read_day(name: str, invalid: list[str]) -> date | None:
    """A day as `2025-11-24`, or None; any other text is ignored and appended to `invalid`."""
    value = st.query_params.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        invalid.append(f"{name}={value}")
        return None


def write(**values: str | None) -> None:
    """Set these parameters in the address (None removes one), as one step of the browser's history."""
    old_params = st.query_params.to_dict()
    new_params = {name: value for name, value in (old_params | values).items() if value is not None}
    if new_params != old_params:
        st.query_params.from_dict(new_params)


def mark_drawn(names: Collection[str]) -> None:
    """Remember the values of these parameters, from which the page is being drawn."""
    st.session_state[DRAWN_KEY] = {name: st.query_params.get(name) for name in names}


def changed_since_drawn() -> bool:
    """Whether the address differs from the parameters that the page was drawn from, in two calls one after the other.

    A refresh that started before a click on a filter still carries the old address. It may draw the page from that
    while the browser shows the new one.
    """
    drawn_params: dict[str, str | None] = st.session_state.get(DRAWN_KEY, {})
    current_params = {name: st.query_params.get(name) for name in drawn_params}
    previous_look = st.session_state.pop(CHANGED_KEY, None)
    if current_params == drawn_params:
        return False
    st.session_state[CHANGED_KEY] = current_params
    return bool(current_params == previous_look)
