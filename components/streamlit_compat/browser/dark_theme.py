"""Readable selected options, tabs and buttons without a frame in the dark theme.

Streamlit writes a selected option and tab in the primary colour, and the text of a tertiary button under the mouse or
with the focus; of one that is pressed, or whose popover is open, in a darker one. The primary colour has to be dark
enough for the white text of primary buttons, and is then too dark to be read on a dark background. A theme option for
the colour of text on the primary colour (https://github.com/streamlit/streamlit/issues/12801) would replace this
module.
"""

import streamlit as st

LIGHT_COLOUR, DARK_COLOUR = "#1F5FBF", "#EEF2F6"
"""The primary colour of the light theme, and the text colour of the dark one, as in .streamlit/config.toml."""
DARK_PRIMARY_COLOUR = "#2F6FDE"
"""The primary colour of the dark theme."""
BUTTON_STATES = ":hover, :focus-visible, :active, [aria-expanded='true']"
READABLE_CSS = f"""<style>
[data-testid="stButtonGroup"] [data-selected="true"] p, [role="tab"][aria-selected="true"] p {{
    color: light-dark({LIGHT_COLOUR}, {DARK_COLOUR})
}}
button:is([kind="tertiary"], [kind="tertiaryFormSubmit"]):is({BUTTON_STATES}):not(:disabled) {{
    color: color-mix(in srgb, currentColor, {DARK_PRIMARY_COLOUR})
}}
</style>"""


def brighten_selected_texts() -> None:
    """Write selected options and tabs in the text colour where the theme is dark, and used buttons half in it.

    The browser chooses the colour, since it may change themes, by the time of day, without a run of the page. Buttons
    are also in popovers, which lie outside of the app in the page, where no theme but the colour of texts is known.
    """
    st.html(READABLE_CSS)
