"""The texts that stand in Streamlit's frontend, in the viewer's language.

"Stop" beside a page that is being drawn and "2 more" for pages that don't fit into the menu have neither translations
nor a setting. Style sheets shrink the English text to nothing and write ours in its place; hidden, it would leave the
button without a name for screen readers. Translations in Streamlit's frontend
(https://github.com/streamlit/streamlit/issues/1353) would replace this module.
"""

import streamlit as st

from otklik.i18n import _, current_language

CSS = """<style>
.rc-overflow-item-rest [data-testid="stTopNavSection"] p {{ font-size: 0 }}
.rc-overflow-item-rest [data-testid="stTopNavSection"] p::after {{
    content: "{more}"; font-size: 0.875rem
}}
[data-testid="stStatusWidget"] button {{ font-size: 0 }}
[data-testid="stStatusWidget"] button::after {{ content: "{stop}"; font-size: 0.875rem }}
[data-testid="stStatusWidget"] button:disabled::after {{ content: "{stopping}" }}
</style>"""
FRONTEND_LANGUAGE = "en"


def translate_frontend_texts() -> None:
    """Write what Streamlit says in English in the current language."""
    if current_language() != FRONTEND_LANGUAGE:
        st.html(CSS.format(more=_("More"), stop=_("Stop"), stopping=_("Stopping…")))
