"""Readable selected options and tabs in the dark theme.

Streamlit writes a selected option and tab in the primary colour. That colour has to be dark enough for the white text
of primary buttons, and is then too dark to be read on a dark background. A theme option for the colour of text on the
primary colour (https://github.com/streamlit/streamlit/issues/12801) would replace this module.
"""

import streamlit as st

LIGHT_COLOUR, DARK_COLOUR = "#1F5FBF", "#EEF2F6"
"""The primary colour of the light theme, and the text colour of the dark one, as in .streamlit/config.toml."""
SELECTED_CSS = f"""<style>
[data-testid="stButtonGroup"] [data-selected="true"] p, [role="tab"][aria-selected="true"] p {{
    color: light-dark({LIGHT_COLOUR}, {DARK_COLOUR})
}}
</style>"""


def brighten_selected_texts() -> None:
    """Write selected options and tabs in the text colour where the theme is dark.

    The browser chooses the colour, since it may change themes, by the time of day, without a run of the page.
    """
    st.html(SELECTED_CSS)
