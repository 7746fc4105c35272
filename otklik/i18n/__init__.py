"""Words in the viewer's language: English in the sources, catalogues in `locale/`.

The catalogues are read from their `.po` files when first needed, so that no
compiled copy can fall behind them.
"""

import gettext
from contextvars import ContextVar
from functools import cache
from io import BytesIO

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from otklik.paths import ROOT

LANGUAGES = {"en": "English", "ru": "Русский", "hr": "Hrvatski"}
CATALOGUE_FOLDER = ROOT / "locale"

_language: ContextVar[str | None] = ContextVar("language", default=None)


def preferred_language() -> str:
    """The language of `?lang=`, or else of the browser, or else English."""
    if get_script_run_ctx() is None:
        return "en"
    browser = (st.context.locale or "")[:2].lower()
    return next((code for code in (st.query_params.get("lang"), browser) if code in LANGUAGES), "en")


def set_language(language: str) -> str:
    """Speak this language for the rest of this run; gives it back.

    Raises KeyError for a language without a catalogue.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    _language.set(language)
    return language


def current_language() -> str:
    """The language now spoken: a code of `LANGUAGES`."""
    return _language.get() or set_language(preferred_language())


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The translations of one language, with its plural forms."""
    if language == "en":
        return gettext.NullTranslations()
    with (CATALOGUE_FOLDER / language / "LC_MESSAGES" / "otklik.po").open("rb") as file:
        entries = read_po(file, locale=language, domain="otklik")
    compiled = BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """The message in the current language."""
    return translations(current_language()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for a number of things in the current language."""
    return translations(current_language()).ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "mark, translate later"
    """The same message, marked for the catalogues."""
    return message
