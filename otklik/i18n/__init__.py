"""Translated messages: English in the sources, other languages from the gettext catalogues in `locale/`.

The catalogues are read from their `.po` files when first needed, so that no
compiled copy can fall behind them.
"""

import gettext
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from otklik.paths import ROOT

LANGUAGES = {"en": "English", "ru": "Русский", "hr": "Hrvatski"}
"""The languages there are: code -> the language's own name."""
CATALOGUE_FOLDER = ROOT / "locale"

_language: ContextVar[str | None] = ContextVar("language", default=None)
_default_language: Callable[[], str] = lambda: "en"  # noqa: E731 -- replaced by set_default_language


def set_default_language(choose_language: Callable[[], str]) -> None:
    """Register the function that gives the language of a thread in which none was set; without one it is English."""
    global _default_language  # noqa: PLW0603 -- one for the process, set by components.language when imported
    _default_language = choose_language


def set_language(language: str) -> str:
    """Set and return the language of the messages from here on in this thread (or task).

    Raises KeyError for a language that isn't in `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    _language.set(language)
    return language


def current_language() -> str:
    """The language set last in this thread, or else the default: a code of `LANGUAGES`."""
    return _language.get() or set_language(_default_language())


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The translations of a language, with its plural forms."""
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
    """The message in the current language, in its plural form for `n` things."""
    return translations(current_language()).ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "mark, translate later"
    """The message unchanged: marks it for the catalogues, to be translated where it is shown."""
    return message
