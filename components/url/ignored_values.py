"""What a page couldn't use of its address and browser, said in one note below its header."""

from collections.abc import Collection

import streamlit as st

from components.text.escape import escape_markdown
from otklik.i18n import _

NOTE_KEY = "ignored-values"
"""Session state: the place of the note, what it says besides values, and the values, as `name=value`."""
MAX_LENGTH = 80
"""Letters shown of a value."""
MAX_UNKNOWN = 10
"""Parameters that are named because the page doesn't know them."""


def start_note(*remarks: str) -> None:
    """Begin the note of a run of the page, at this place; without remarks it is empty until a value is ignored."""
    st.session_state[NOTE_KEY] = st.empty(), remarks, []
    _draw_note()


def ignore(name: str, value: str) -> None:
    """Name a query parameter whose value is ignored."""
    if NOTE_KEY not in st.session_state:
        start_note()
    item = f"{name}={value}"
    items: list[str] = st.session_state[NOTE_KEY][2]
    if item not in items:
        items.append(item)
        _draw_note()


def ignore_unknown(known_params: Collection[str]) -> None:
    """Name the query parameters of the address that are none of those which the page knows, the first few of them."""
    unknown_params = [name for name in st.query_params if name not in known_params]
    for name in unknown_params[:MAX_UNKNOWN]:
        ignore(name, st.query_params[name])


def _draw_note() -> None:
    place, remarks, items = st.session_state[NOTE_KEY]
    values = ", ".join(escape_markdown(item, MAX_LENGTH) for item in items)
    named = [_("Not known here, and ignored: {values}").format(values=values)] if items else []
    if lines := [*remarks, *named]:
        place.caption("  \n".join(lines))
