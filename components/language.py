"""The language that a viewer prefers: the one in the address, or else the browser's."""

import streamlit as st

from components.streamlit_compat.script_run import current_run
from components.url.page_change import viewer_param
from otklik.i18n import LANGUAGES, set_default_language


def preferred_language() -> str:
    """The language of `?lang=`, now or last in this session, or else the browser's: a code of `otklik.i18n.LANGUAGES`.

    English for any other.
    """
    if current_run() is None:
        return "en"
    browser_language = (st.context.locale or "")[:2].lower()
    return next((code for code in (viewer_param("lang"), browser_language) if code in LANGUAGES), "en")


# A fragment that refreshes itself runs in a thread where no page has set the language.
set_default_language(preferred_language)
