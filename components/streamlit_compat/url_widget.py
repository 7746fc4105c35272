"""Widgets that show a value of the address, which changes under them by Back, by a chip, or by a click on a chart.

The browser sends its values of all widgets with each message. One that was sent before the browser knew the new value
brings the old one, which Streamlit takes for a choice: it calls back, the callback writes the old value into the
address, and the viewer who went back is thrown forward again. Therefore a widget whose value changes without the
viewer's choice gets a new key, and callbacks with the old one do nothing. Values that know which state of the page they
answer would replace this module.
"""

import streamlit as st

from components.streamlit_compat.dropped_widget import is_dropped

KEYS_KEY = "url-widget-keys"
"""Where the session keeps the keys that each widget has had, as the name and the number of the last one by name."""


def url_widget_key(name: str, value: object) -> str:
    """The key of a widget that shows this value, which is set; another one than before where another was shown.

    Call it right before the widget is drawn. Spaces around a text that was typed are no other value, nor is a range of
    which one end is chosen so far.
    """
    numbers: dict[str, int] = st.session_state.setdefault(KEYS_KEY, {})
    number = numbers.setdefault(name, 0)
    shown_value = st.session_state.get(_key(name, number), value)
    if isinstance(shown_value, str):
        shown_value = shown_value.strip()
    is_half_range = isinstance(shown_value, tuple) and len(shown_value) == 1
    if shown_value != value and not is_half_range:
        number = numbers[name] = number + 1
    key = _key(name, number)
    st.session_state[key] = value
    return key


def is_stale(key: str) -> bool:
    """Whether a callback is of a widget that has another key by now, or that Streamlit has dropped."""
    numbers: dict[str, int] = st.session_state.get(KEYS_KEY, {})
    return is_dropped(key) or not any(key == _key(name, number) for name, number in numbers.items())


def _key(name: str, number: int) -> str:
    return f"{name}-{number}" if number else name
