"""Widgets that show a value of the address, which changes under them by Back, by a chip, or by a click on a chart.

The browser sends its values of all widgets with each message. One that was sent before the browser knew the new value
brings the old one, which Streamlit takes for a choice: it calls back, the callback writes the old value into the
address, and the viewer who went back is thrown forward again. A select box sends the label of its option, which is no
option any more once the language or the number in it has changed. Therefore a widget whose value changes without the
viewer's choice gets a new key, and callbacks with the old one, or with what is no option, do nothing. Values that know
which state of the page they answer would replace this module.
"""

from collections.abc import Collection
from typing import NamedTuple

import streamlit as st

from components.streamlit_compat.dropped_widget import is_dropped

KEYS_KEY = "url-widget-keys"
"""Where the session keeps what each widget was last drawn with, by name."""


class DrawnWidget(NamedTuple):
    """How many keys a widget had before, and the options it was drawn with; None where it takes any value."""

    number: int
    options: frozenset[object] | None


def url_widget_key(name: str, value: object, options: Collection[object] | None = None) -> str:
    """The key of a widget that shows this value, which is set; another one than before where another was shown.

    Call it right before the widget is drawn, with its options if it has any. Spaces around a text that was typed are no
    other value, nor is a range of which one end is chosen so far.
    """
    widgets: dict[str, DrawnWidget] = st.session_state.setdefault(KEYS_KEY, {})
    number = widgets[name].number if name in widgets else 0
    shown_value = st.session_state.get(_key(name, number), value)
    if isinstance(shown_value, str):
        shown_value = shown_value.strip()
    is_half_range = isinstance(shown_value, tuple) and len(shown_value) == 1
    if shown_value != value and not is_half_range:
        number += 1
    widgets[name] = DrawnWidget(number, None if options is None else frozenset(options))
    key = _key(name, number)
    st.session_state[key] = value
    return key


def is_stale(key: str) -> bool:
    """Whether a callback brings no choice: its widget has another key by now or was dropped, or it is no option."""
    widgets: dict[str, DrawnWidget] = st.session_state.get(KEYS_KEY, {})
    widget = next((widget for name, widget in widgets.items() if key == _key(name, widget.number)), None)
    if widget is None or is_dropped(key):
        return True
    return widget.options is not None and st.session_state[key] not in widget.options


def _key(name: str, number: int) -> str:
    return f"{name}-{number}" if number else name
