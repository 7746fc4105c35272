"""The viewer's preferred language: of the address, or else of the browser."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from otklik.i18n import LANGUAGES, set_default_language


def preferred_language() -> str:
    """The language of `?lang=`, or else the browser's, or else English: a code of `LANGUAGES`."""
    if get_script_run_ctx() is None:
        return "en"
    browser_language = (st.context.locale or "")[:2].lower()
    return next((code for code in (st.query_params.get("lang"), browser_language) if code in LANGUAGES), "en")


# A fragment that refreshes by itself runs in a thread where no page has set the language.
set_default_language(preferred_language)
