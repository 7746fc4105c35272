"""A card to work in: a panel of which nothing is taken away."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.layout.panel import error_boundary


@contextmanager
def card(title: str) -> Iterator[None]:
    """If what is inside fails, it says so and the page lives."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"#### {title}")
        with error_boundary():
            yield
