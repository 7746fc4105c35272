"""All pages of a running Otklik in each language and theme, as wide as a phone, a tablet, a laptop, a wall.

`python -m tests.support.screens.layout_walk URL [FOLDER [VIEW…]]` walks every combination of page, language, theme and
width, names the faults, and leaves a picture of each in FOLDER. A view is one of `VIEWS`, or an address with a query.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, product
from math import isfinite
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect, sync_playwright

from otklik.i18n import LANGUAGES, _, set_language
from otklik.pages import PAGES
from tests.browser.conftest import CHROMIUM_FLAGS, PATIENCE, chromium_program
from tests.support.screens.layout_check import first_figure_top, lasting_layout_faults, record_canvas_texts, resize
from tests.support.waiting import wait_for

Theme = Literal["light", "dark"]
WIDTHS = (390, 820, 1440, 1920)  # pixels
HEIGHT = 900
THEMES: tuple[Theme, ...] = ("light", "dark")
MAX_FIRST_FIGURE_TOP = 300  # pixels from the top of a phone, whose screen shows little more
MORE_VIEWS = {
    "region": "/regions?territory=RU-KHM&as=administrator",
    "problem": "/problems?problem=1&as=administrator",
    "poll": "/polls?poll=demo-30&by=age&as=administrator",
    "discussion": "/discussions?discussion=demo-13&as=manager",
}
"""Addresses by name, of pages that look quite different with something in their address."""
WITHOUT_FIGURES = ("screens", "sources")
"""Pages of forms and names: the rule of the first figure isn't about them."""
VIEWS = {name: f"/{name}?as=administrator" for name in PAGES if name != "appeal"} | MORE_VIEWS


@dataclass(frozen=True)
class Layout:
    """How a page is looked at; the width is in pixels."""

    language: str
    theme: Theme
    width: int


EVERY_LAYOUT = tuple(Layout(*values) for values in product(LANGUAGES, THEMES, WIDTHS))


def rotated_layouts(turn: int) -> tuple[Layout, ...]:
    """A language at all widths, wide ones first, and the others as wide as a phone; another first at the next turn.

    On a phone words are cut and figures pushed down in one language and not in another. Of a laptop's width there are
    both themes. In this order a page is opened once, changes between phone and wide once, and to each language once:
    each of these is a run of the page.
    """
    languages = tuple(LANGUAGES)
    first, *others = (languages[(turn + n) % len(languages)] for n in range(len(languages)))
    phone, tablet, laptop, wall = WIDTHS
    light = [Layout(first, "light", width) for width in (laptop, wall, tablet, phone)]
    return (Layout(first, "dark", laptop), *light, *(Layout(other, "light", phone) for other in others))


def walk(page: Page, address: str, layouts: Iterable[Layout]) -> Iterator[tuple[Layout, list[str]]]:
    """Each layout of a page with its faults, while the browser shows it, which loads it once.

    Before the first, call `record_canvas_texts`.
    """
    name = urlsplit(address).path.strip("/")
    title = PAGES[name].title
    layouts = list(layouts)
    for n, (language, of_language) in enumerate(groupby(layouts, lambda layout: layout.language)):
        set_language(language)
        if n == 0:
            page.emulate_media(color_scheme=layouts[0].theme)
            page.set_viewport_size({"width": layouts[0].width, "height": HEIGHT})
            page.goto(f"{address}&lang={language}", timeout=PATIENCE)
        else:
            page.locator(".st-key-switch-lang").get_by_role("radio", name=language.upper()).click()
            page.mouse.move(0, HEIGHT / 2)  # from where no hint opens over the page
        expect(page.get_by_role("heading", level=1)).to_have_text(_(title))
        for layout in of_language:
            page.emulate_media(color_scheme=layout.theme)
            resize(page, layout.width, HEIGHT)
            top = 0.0 if name in WITHOUT_FIGURES else wait_for_figure_top(page)
            faults = lasting_layout_faults(page)
            if top >= MAX_FIRST_FIGURE_TOP and layout.width == WIDTHS[0]:
                faults.append(f"first figure low: {top:.0f} px from the top")
            yield layout, faults


def wait_for_figure_top(page: Page) -> float:
    """The pixels above the first figure, once there is one: some are counted in the background."""

    def finite_top() -> float | None:
        top = first_figure_top(page)
        return top if isfinite(top) else None

    return wait_for(finite_top, "a figure", PATIENCE / 1000) or 0.0


def main(url: str, folder: str = "", *views: str) -> int:
    """Walk everything; returns the number of layouts with faults."""
    faulty = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=list(CHROMIUM_FLAGS))
        page = browser.new_page(base_url=url, locale="en-GB")
        record_canvas_texts(page)
        for view in views or VIEWS:
            for layout, faults in walk(page, VIEWS.get(view, view), EVERY_LAYOUT):
                name = "-".join((re.sub(r"\W+", "_", view), layout.language, layout.theme, str(layout.width)))
                faulty += bool(faults)
                sys.stdout.write("".join(f"{name}: {fault}\n" for fault in faults))
                sys.stdout.flush()
                if folder:
                    page.screenshot(path=Path(folder) / f"{name}.png")
        browser.close()
    return faulty


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
