"""Words where there is nothing to draw."""

import streamlit as st

from otklik.i18n import _


def empty_state(message: str | None = None) -> None:
    """Words where there is nothing to draw."""
    st.markdown(f":gray[{message or _('Nothing in these days with these filters.')}]")
