"""The marks in Streamlit's pages that our CSS and scripts look for are there.

Where one of these fails, Streamlit has renamed it: the module that is named has no effect any more, or worse.
"""

import re
import tomllib

import pytest

from components.streamlit_compat.browser import (
    cell_titles,
    dark_theme,
    frontend_texts,
    keyboard_focus,
    page_reload,
    scroll_position,
)
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.still_skeletons import STILL_SKELETONS_SCRIPT
from tests.support.screens.streamlit_frontend import frontend_scripts


@pytest.mark.parametrize(
    ("source", "test_id"),
    [
        (dark_theme.READABLE_CSS, "stButtonGroup"),
        (frontend_texts.CSS, "stStatusWidget"),
        (frontend_texts.CSS, "stTopNavSection"),
        (keyboard_focus.FOCUS_SCRIPT, "data-grid-canvas"),
        # Without it, the first error in a browser would reload the page, again and again.
        (page_reload.RELOAD_SCRIPT, "stApp"),
        (scroll_position.SCROLL_SCRIPT, "stMain"),
        (STILL_SKELETONS_SCRIPT, "stSkeleton"),
    ],
)
def test_a_test_id_that_we_look_for_is_in_the_frontend(source: str, test_id: str) -> None:
    assert test_id in source
    assert re.search(rf"""["']?data-testid["']?:\s*["'`]{test_id}["'`]""", frontend_scripts())


def test_the_english_texts_that_we_write_over_are_in_the_frontend() -> None:
    assert re.search(r"`Stopping\.\.\.`:`Stop`", frontend_scripts())
    assert re.search(r"\} more`", frontend_scripts())
    assert all(mark in frontend_scripts() for mark in ("rc-overflow`", "}-rest`"))


@pytest.mark.parametrize("attribute", ["data-selected", "aria-selected", "aria-expanded", "kind"])
def test_an_attribute_of_what_is_selected_is_in_the_frontend(attribute: str) -> None:
    assert f"[{attribute}=" in dark_theme.READABLE_CSS
    assert attribute in frontend_scripts()


@pytest.mark.parametrize("kind", ["tertiary", "tertiaryFormSubmit"])
def test_a_kind_of_button_that_we_look_for_is_in_the_frontend(kind: str) -> None:
    assert f'[kind="{kind}"]' in dark_theme.READABLE_CSS
    assert re.search(rf"""=["'`]{kind}["'`]""", frontend_scripts())


def test_the_colours_of_readable_texts_are_those_of_the_themes() -> None:
    theme = tomllib.loads((PROJECT_ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    theme_colours = theme["light"]["primaryColor"], theme["dark"]["textColor"], theme["dark"]["primaryColor"]
    assert theme_colours == (dark_theme.LIGHT_COLOUR, dark_theme.DARK_COLOUR, dark_theme.DARK_PRIMARY_COLOUR)


@pytest.mark.parametrize("mark", ["data-grid-canvas", "glide-cell-", "__reactFiber$", "getMouseArgsForPosition"])
def test_what_tells_the_cell_under_the_mouse_is_in_the_frontend(mark: str) -> None:
    assert mark in cell_titles.TITLE_SCRIPT
    assert mark.removesuffix("$") in frontend_scripts()
