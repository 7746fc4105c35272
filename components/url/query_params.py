"""Query parameters of a page: reading them with validation, and writing them as one step of the browser's history.

Their values are codes. Streamlit's own `bind="query-params"` writes the label of an option, which differs between
languages; a link has to mean the same for everybody who opens it.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar

import streamlit as st

from components.url.ignored_values import ignore

T = TypeVar("T")
MAX_INTEGER, MAX_BIGINT = 2**31 - 1, 2**63 - 1
"""The largest numbers of the database's types."""
MAX_TEXT_LENGTH = 200

DRAWN_KEY, CHANGED_KEY = "address-drawn", "address-strayed"
"""Session state: the parameters that the page was drawn from, and others that the last look at the address found."""


def read(name: str, allowed: Collection[str], default: str) -> str:
    """The value of a parameter, or the default; an unknown value is ignored and named on the page."""
    value = st.query_params.get(name)
    if value is None or value == default:
        return default
    if value in allowed:
        return value
    ignore(name, value)
    return default


def check(**allowed: Collection[str]) -> None:
    """Name the values of these parameters that are none of those allowed.

    For parameters that a part of the page reads, which may fail, wait for its data, or not be there for these filters.
    """
    for name, values in allowed.items():
        read(name, values, "")


def read_parsed(name: str, parse: Callable[[str], T | None]) -> T | None:
    """What `parse` makes of a parameter's value; None without one. Where it makes None, the value is named as ignored.

    A ValueError of `parse` is a None.
    """
    value = st.query_params.get(name, "")
    if not value:
        return None
    try:
        result = parse(value)
    except ValueError:
        result = None
    if result is None:
        ignore(name, value)
    return result


def read_day(name: str, first: date = date.min, last: date = date.max) -> date | None:
    """A day from the first to the last, as `2025-11-24`, or None; any other value is ignored and named."""

    def parse_day(value: str) -> date | None:
        day = date.fromisoformat(value)
        return day if first <= day <= last else None

    return read_parsed(name, parse_day)


def read_text(name: str, max_length: int = MAX_TEXT_LENGTH) -> str:
    """A text that the database can hold, without spaces around it; "" where it is missing, odd or too long."""

    def parse_text(value: str) -> str | None:
        return value.strip() if len(value) <= max_length and is_storable(value) else None

    return read_parsed(name, parse_text) or ""


def read_id(name: str) -> int | None:
    """A number of a row, from 0 to the largest bigint, or None."""
    return read_parsed(name, parse_id)


def parse_id(value: str, largest: int = MAX_BIGINT) -> int | None:
    """A whole number from 0 to the largest, in ASCII digits; None for any other text."""
    number = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(MAX_BIGINT)) else None
    return number if number is not None and number <= largest else None


def is_storable(value: str) -> bool:
    """Whether PostgreSQL can hold a text: without NUL and lone surrogates."""
    return not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value)


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
