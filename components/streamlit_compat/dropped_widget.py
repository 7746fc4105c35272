"""Callbacks of widgets that Streamlit has dropped.

The browser's Back may lead to a page whose widgets it still has. It sends their values, which Streamlit takes for
changes, since it has dropped its own with the page; it calls back before the page runs, and no longer knows the widgets
by their keys. A callback that isn't kept longer than its widget would replace this module.
"""

import streamlit as st


def is_dropped(key: str) -> bool:
    """Whether Streamlit has dropped the widget with this key, which therefore changed nothing; for its callback."""
    return key not in st.session_state
