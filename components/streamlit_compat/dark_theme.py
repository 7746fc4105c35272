"""Readable selected options and tabs in the dark theme.

Streamlit writes a selected option and tab in the primary colour. That colour has to be dark enough for the white text
of primary buttons, and is then too dark to be read on a dark background. A theme option for the colour of text on the
primary colour (https://github.com/streamlit/streamlit/issues/12801) would replace this module.
"""

import streamlit as st

TEXT_COLOUR = "#EEF2F6"
SELECTED_CSS = f"""<style>
[data-testid="stButtonGroup"] [data-selected="true"] p, [role="tab"][aria-selected="true"] p {{ color: {TEXT_COLOUR} }}
</style>"""


def brighten_selected_texts() -> None:
    """Write selected options and tabs in the text colour, if the viewer's theme is dark."""
    if st.context.theme.type == "dark":
        st.html(SELECTED_CSS)
