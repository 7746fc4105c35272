"""Every page as axe sees it, in light and in dark, and as wide as a phone, a tablet, a laptop and a wall.

Nothing grave by axe's rules; nothing outside, cut, or over something else; on a phone the first figure near the top. A
page is opened once, and seen in one language at each width, in the others on a phone: all combinations are in
`tests.support.screens.layout_walk`.
"""

import re
from typing import Any

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from otklik.i18n import LANGUAGES
from tests.support.screens.layout_check import record_canvas_texts
from tests.support.screens.layout_walk import VIEWS, WIDTHS, Theme, rotated_layouts, walk
from tests.support.servers.running_app import RunningApp

pytestmark = pytest.mark.serial

AXE_WIDTH = 1440  # pixels
VIEW_NAMES = (*VIEWS, "appeal")
BACKGROUNDS: dict[Theme, str] = {"dark": "rgb(15, 23, 32)", "light": "rgb(255, 255, 255)"}
"""The background by the theme that the system prefers; a page loads in the first."""
GRAVE = ("serious", "critical")
# What Streamlit draws and no setting changes: the rule, what the element looks like, and why it does no harm.
NOT_OURS = {
    # The points of a tile's small chart, which has its number in words above it.
    "svg-img-alt": re.compile(r"metric_chart_\w+_marks"),
}


def address(name: str, app: RunningApp) -> str:
    """A page with something on it."""
    if name == "appeal":
        with psycopg.connect(app.database_url) as connection:
            found = connection.execute("SELECT number FROM appeal ORDER BY received_at DESC LIMIT 1").fetchone()
        assert found
        return f"/appeal?number={found[0]}&as=administrator"
    return VIEWS[name]


def ours(violation: dict[str, Any]) -> list[str]:
    """What is wrong by a rule, without what isn't ours."""
    known = NOT_OURS.get(violation["id"])
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for node in violation["nodes"]
        if not (known and known.search(node["html"]))
    ]


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_page_is_accessible_and_laid_out_at_each_width(view: str, page: Page, app: RunningApp) -> None:
    record_canvas_texts(page)
    faults_by_layout = {}
    for layout, faults in walk(page, address(view, app), rotated_layouts(VIEW_NAMES.index(view))):
        frame = page.get_by_test_id("stApp")
        expect(frame).to_have_css("background-color", BACKGROUNDS[layout.theme])
        faults_by_layout[str(layout)] = faults
        if layout.width == AXE_WIDTH:
            violations = Axe().run(page).response["violations"]
            faults.extend(line for rule in violations if rule["impact"] in GRAVE for line in ours(rule))
    assert not any(faults_by_layout.values()), faults_by_layout


@pytest.mark.parametrize("turn", range(len(VIEW_NAMES)))
def test_each_page_is_seen_at_each_width_in_both_themes_and_in_every_language_on_a_phone(turn: int) -> None:
    layouts = rotated_layouts(turn)
    assert [layout.theme for layout in layouts if layout.width == AXE_WIDTH] == list(BACKGROUNDS)
    assert {layout.width for layout in layouts} == set(WIDTHS)
    assert {layout.language for layout in layouts if layout.width == WIDTHS[0]} == set(LANGUAGES)
