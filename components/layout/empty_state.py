"""A message in the place of a chart or table without rows."""

import streamlit as st

from otklik.i18n import _


def empty_state(message: str | None = None) -> None:
    """Show a message in grey; by default that the filters leave nothing."""
    st.markdown(f":gray[{message or _('Nothing in these days with these filters.')}]")
