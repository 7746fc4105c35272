"""Every page, in light and in dark, as axe sees it; and what the map does, done by keyboard."""

import re
from typing import Any, Literal

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from otklik.pages import PAGES
from tests.support.running_app import RunningApp

pytestmark = pytest.mark.serial

BACKGROUNDS: dict[Literal["light", "dark"], str] = {"dark": "rgb(15, 23, 32)", "light": "rgb(255, 255, 255)"}
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
    return f"/{name}?as=administrator"


def ours(violation: dict[str, Any]) -> list[str]:
    """What is wrong by a rule, without what isn't ours."""
    known = NOT_OURS.get(violation["id"])
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for node in violation["nodes"]
        if not (known and known.search(node["html"]))
    ]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_grave(name: str, page: Page, app: RunningApp) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address(name, app))
    for color_scheme, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=color_scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        frame = page.get_by_test_id("stApp")
        expect(frame).to_have_css("background-color", background)
        expect(frame).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        violations = Axe().run(page).response["violations"]
        assert [line for rule in violations if rule["impact"] in GRAVE for line in ours(rule)] == [], color_scheme
