"""The language that a viewer prefers: the one in the address, or else the browser's."""

import streamlit as st

from components.streamlit_compat.script_run import current_run
from otklik.i18n import LANGUAGES, set_default_language


def preferred_language() -> str:
    """The language of `?lang=`, or else the browser's, or else English: a code of `otklik.i18n.LANGUAGES`."""
    if current_run() is None:
        return "en"
    browser_language = (st.context.locale or "")[:2].lower()
    return next((code for code in (st.query_params.get("lang"), browser_language) if code in LANGUAGES), "en")


# A fragment that refreshes itself runs in a thread where no page has set the language.
set_default_language(preferred_language)
