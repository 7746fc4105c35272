"""Choices whose state is in the address: the widgets, and the one way in which a widget writes its value there."""

from collections.abc import Collection

import streamlit as st

from components.streamlit_compat.url_widget import is_stale, url_widget_key
from components.url import query_params


def write_choice(param: str, key: str, default: str | None = "", reset: Collection[str] = ()) -> None:
    """Write a widget's value into a query parameter, as one step of the browser's history; a callback of the widget.

    The default is left out of the address (None: there is none), and so is an empty value. `reset` are parameters that
    lose their meaning with another choice, such as a place in a paged list.
    """
    if is_stale(key):
        return
    value = str(st.session_state[key] or "").strip()
    query_params.write(**dict.fromkeys(reset) | {param: value if value and value != default else None})


def write_other_choice(param: str, key: str, shown: str) -> None:
    """Write a widget's value, unless it is what the widget showed: Streamlit calls back for that too."""
    if not is_stale(key) and st.session_state[key] not in (None, "", shown):
        write_choice(param, key, None)


def url_selectbox(param: str, label: str, options: dict[str, str], default: str) -> str:
    """A select box over codes with their labels; its state is in the address, an unknown code is ignored and named."""
    key = url_widget_key(f"choose-{param}", query_params.read(param, options, default), options)
    return st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        label_visibility="collapsed",
        width=260,
        on_change=write_choice,
        args=(param, key, default),
    )


def url_segmented_control(param: str, label: str, options: dict[str, str], reset: Collection[str] = ()) -> str:
    """A segmented control over codes with their labels; its state is in the address, the first code is the default.

    `reset`: as `write_choice` has it.
    """
    default = next(iter(options))
    key = url_widget_key(f"choose-{param}", query_params.read(param, options, default), options)
    code = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=write_choice,
        args=(param, key, default, reset),
    )
    return code or default


def url_switch(param: str, label: str, options: dict[str, str], current_value: str) -> None:
    """A segmented control that shows `current_value`; another choice is written into the address, whichever it is."""
    key = url_widget_key(f"switch-{param}", current_value, options)
    st.segmented_control(
        label,
        options,
        format_func=options.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=write_other_choice,
        args=(param, key, current_value),
    )
