"""Ending a page early without leaving fragments behind.

A full run of a script ends with the removal of all fragments that it didn't define; `st.stop` skips that. So a page
that stops earlier than in its last run keeps fragments whose places are gone. The browser asks for one that refreshes
itself once more, fails with "Cannot set a node at a delta path" and gives the whole page up:
https://github.com/streamlit/streamlit/issues/15084. As soon as `st.stop` removes them too, it replaces this module.
"""

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def stop_page() -> NoReturn:
    """End the page here as `st.stop` does, and remove the fragments that this run hasn't defined."""
    if context := get_script_run_ctx():
        context.fragment_storage.clear(context.shared.new_fragment_ids.snapshot())
    st.stop()
