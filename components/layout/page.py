"""The frame around every page: the page menu, title, icon, language and the person's menu."""

import gc
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.language import preferred_language
from otklik.i18n import LANGUAGES, N_, _, current_language, set_language
from otklik.paths import ROOT

# Titles and what they hold. No icons: Streamlit would fetch them from outside as favicons.
PAGES = {
    "overview": (
        N_("Overview"),
        N_("How the whole territory is doing now: figures, trends, newest appeals."),
    ),
    "queue": (
        N_("Queue"),
        N_("What is open now: at which stage, how old, with whom, and what is late or about to be."),
    ),
    "appeal": (
        N_("Appeal"),
        N_("One appeal: its text, place, deadline and history, and what can be done about it."),
    ),
    "overdue": (
        N_("Overdue"),
        N_("Appeals past their deadline or close to it, who has room for them, and handing them on."),
    ),
    "resolution": (
        N_("Resolution"),
        N_("How appeals are resolved: how many, how fast, how well, by whom and about what."),
    ),
    "regions": (
        N_("Regions"),
        N_("Where it is bad: a map from the country down to a municipality, and its territories side by side."),
    ),
    "satisfaction": (
        N_("Satisfaction"),
        N_("How people rate the answers: by topic, organisation and channel, and what became of low ratings."),
    ),
    "quality": (
        N_("Data quality"),
        N_("How far the figures can be trusted: closed at once or at the last hour, odd dates, no place."),
    ),
    "people": (
        N_("People and roles"),
        N_("Who is let in, what they may do and whose appeals they see; and the wall screens."),
    ),
    "audit": (
        N_("Audit"),
        N_("Who did what, when, from where and why; and whether all of it is there."),
    ),
}
# What one comes to from elsewhere, never by the menu.
UNLISTED_PAGES = frozenset({"appeal"})
ASSETS_DIR = Path(__file__).parent
PAGES_DIR = ROOT / "pages"
# What is chosen stands in the primary colour, which white has to be read on as well: on dark it can't be both.
DARK_THEME_CSS = """<style>
[data-testid="stButtonGroup"] [data-selected="true"] p, [role="tab"][aria-selected="true"] p { color: #EEF2F6 }
</style>"""
ABOUT_TEXT = N_("**Otklik**: the operations room of a citizens' feedback platform.")

DEMO_HINT = N_(
    "Everybody at this machine may be any of four made-up people."
    " With a sign-in provider and your own data this is gone."
)


@cache
def freeze_imports() -> None:
    """Once a process: what is imported by now is never looked through again.

    Without this, each viewer's refresh waits for collections of everything
    that Streamlit, pandas and Altair keep alive.
    """
    gc.collect()
    gc.freeze()


def setup_page(page: str) -> None:
    """Language, title and icon of a page; calling it twice does no harm.

    Raises KeyError for a page that is not in `PAGES`.
    """
    freeze_imports()
    set_language(preferred_language())
    if "framed" not in st.session_state:
        # A fresh server answers a deep link by the page alone, until it hears of a page menu: let `app.py` draw that.
        navigation(())
        st.rerun()
    title, _about = PAGES[page]
    st.set_page_config(
        page_title=f"{_(title)} · Otklik",
        # A file: Streamlit fetches the favicons of its own icon font from outside.
        page_icon=ASSETS_DIR / "icon.svg",
        layout="wide",
        menu_items={"About": _(ABOUT_TEXT)},
    )
    st.logo(ASSETS_DIR / "logo.svg", size="large")
    if st.context.theme.type == "dark":
        st.html(DARK_THEME_CSS)


def navigation(pages: Collection[str]) -> Page:
    """The page of the address, below a menu of these; the others say themselves that they aren't open."""
    st.session_state["framed"] = True
    page_by_name = {
        name: _page_entry(name, "visible" if name in pages and name not in UNLISTED_PAGES else "hidden")
        for name in PAGES
    }
    first, *_others = PAGES
    # The first page is that of the bare address too; Streamlit knows a default page by no other.
    home = st.Page(
        PAGES_DIR / f"{first}.py", title=_(PAGES[first][0]), url_path="home", default=True, visibility="hidden"
    )
    return st.navigation([home, *page_by_name.values()], position="top" if len(pages) > 1 else "hidden")


def _page_entry(name: str, visibility: Literal["visible", "hidden"]) -> Page:
    title, about = PAGES[name]
    return st.Page(PAGES_DIR / f"{name}.py", title=_(title), help=_(about), visibility=visibility)


def page_header(
    page: str,
    person_label: str,
    draw_menu: Callable[[], None] | None,
    draw_bell: Callable[[], None],
    *,
    demo: bool,
) -> None:
    """The page's title, the language switch, the notification bell and the person's menu.

    Without a menu there is only the title and the person's label, and nothing to press: a wall screen.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(_(PAGES[page][0]), anchor=False)
        if demo:
            st.badge(_("Demonstration: no sign-in"), icon=":material/science:", color="orange", help=_(DEMO_HINT))
        if draw_menu is None:
            st.caption(person_label, width="content")
            return
        language_switch()
        draw_bell()
        with st.popover(person_label, icon=":material/person:", type="tertiary"):
            draw_menu()


def stop_page() -> NoReturn:
    """End the page here, and forget what refreshed itself on it when it was longer.

    Stopped alone it would do so once more, in a place that is gone, and the browser would give the whole page up.
    """
    if context := get_script_run_ctx():
        context.fragment_storage.clear(context.shared.new_fragment_ids.snapshot())
    st.stop()


def language_switch() -> None:
    """The language switch."""
    url_switch("lang", _("Language"), {language: language.upper() for language in LANGUAGES}, current_language())


def url_switch(param: str, label: str, options: dict[str, str], current_value: str) -> None:
    """A switch whose state is in the address under this name."""
    key = f"switch-{param}"
    st.session_state[key] = current_value
    st.segmented_control(
        label,
        options,
        format_func=options.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=write_switch_param,
        args=(param, key, current_value),
    )


def write_switch_param(param: str, key: str, current_value: str) -> None:
    """Write what a widget holds into the address, if it isn't what it showed: Streamlit may tell of that, too."""
    value = st.session_state[key]
    if value and value != current_value:
        st.query_params[param] = value
