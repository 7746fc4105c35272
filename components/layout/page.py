"""The frame around every page: the page menu, title, icon, language and the person's menu."""

import gc
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st

from components.language import preferred_language
from components.layout.narrow_screen import HEADER_KEY, fit_narrow_screens, phone_detector
from components.streamlit_compat.browser.cell_titles import cell_titles
from components.streamlit_compat.browser.dark_theme import brighten_selected_texts
from components.streamlit_compat.browser.frontend_texts import translate_frontend_texts
from components.streamlit_compat.browser.left_page import ignore_left_pages
from components.streamlit_compat.element_types import Page
from components.streamlit_compat.whole_callbacks import finish_callbacks
from components.url.choice import url_switch
from otklik.i18n import LANGUAGES, N_, _, current_language, set_language
from otklik.pages import PAGES
from otklik.paths import ROOT

ASSETS_DIR = Path(__file__).parent
PAGES_DIR = ROOT / "pages"
ABOUT_TEXT = N_("**Otklik**: the operations room of a citizens' feedback platform.")

DEMO_HINT = N_(
    "Everybody at this machine may be any of four made-up people."
    " With a sign-in provider and your own data this is gone."
)


@cache
def freeze_imports() -> None:
    """Take all imported objects out of garbage collection, once in a process.

    Otherwise each rerun ends with a collection that looks through everything that Streamlit, pandas and Altair hold.
    """
    gc.collect()
    gc.freeze()


def setup_page(page: str) -> None:
    """Set a page's language, title and icon; further calls in the same run change nothing.

    Raises KeyError for a page that is not in `otklik.pages.PAGES`.
    """
    freeze_imports()
    finish_callbacks()
    ignore_left_pages()
    set_language(preferred_language())
    if "framed" not in st.session_state:
        # Until a script has called `st.navigation`, a new server answers a deep link with the page alone, without
        # `app.py`. So make it known, and rerun through `app.py`, which draws the menu.
        navigation(())
        st.rerun()
    title = PAGES[page].title
    st.set_page_config(
        page_title=f"{_(title)} · Otklik",
        # A file: for an icon by name, browsers would ask Streamlit's servers.
        page_icon=ASSETS_DIR / "icon.svg",
        layout="wide",
        menu_items={"About": _(ABOUT_TEXT)},
    )
    st.logo(ASSETS_DIR / "logo.svg", size="large")
    brighten_selected_texts()
    translate_frontend_texts()
    fit_narrow_screens()


def navigation(pages: Collection[str]) -> Page:
    """The page that the address names, under a menu of the given pages.

    The other pages can be reached by address as well: each refuses viewers without the right itself.
    """
    st.session_state["framed"] = True
    page_by_name = {
        name: _page_entry(name, "visible" if name in pages and page.listed else "hidden")
        for name, page in PAGES.items()
    }
    first, *_others = PAGES
    # The first page is also that of the bare address; Streamlit drops a default page's own path, so it is listed twice.
    home = st.Page(
        PAGES_DIR / f"{first}.py", title=_(PAGES[first].title), url_path="home", default=True, visibility="hidden"
    )
    return st.navigation([home, *page_by_name.values()], position="top" if len(pages) > 1 else "hidden")


def _page_entry(name: str, visibility: Literal["visible", "hidden"]) -> Page:
    page = PAGES[name]
    return st.Page(PAGES_DIR / f"{name}.py", title=_(page.title), help=_(page.about), visibility=visibility)


def page_header(
    page: str,
    person_label: str,
    draw_menu: Callable[[], None] | None,
    draw_bell: Callable[[], None],
    draw_search: Callable[[], None] | None,
    *,
    demo: bool,
) -> None:
    """The page's title, the search box, the language switch, the notification bell and the person's menu.

    Without a menu there is only the title and the person's label, and nothing to press: a wall screen. Without
    `draw_search` there is no search box.
    """
    with st.container(horizontal=True, vertical_alignment="center", key=HEADER_KEY):
        st.title(_(PAGES[page].title), anchor=False)
        if demo:
            st.badge(_("Demonstration: no sign-in"), icon=":material/science:", color="orange", help=_(DEMO_HINT))
        if draw_menu is None:
            st.caption(person_label, width="content")
            return
        if draw_search is not None:
            draw_search()
        with st.container(width="content", gap=None):
            language_switch()
            cell_titles()
            phone_detector()
        draw_bell()
        with st.popover(person_label, icon=":material/person:", type="tertiary"):
            draw_menu()


def language_switch() -> None:
    """A switch of the interface's language; the choice is in the address."""
    url_switch("lang", _("Language"), {language: language.upper() for language in LANGUAGES}, current_language())
