"""A name is followed by keyboard wherever the pointer has been."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_narrowing import PATIENCE
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial


def table(page: Page, heading: str) -> Locator:
    """The table under a heading."""
    panel = page.get_by_test_id("stVerticalBlock").filter(has=page.get_by_role("heading", name=heading)).last
    return panel.get_by_test_id("stDataFrame")


def reach(page: Page, found: Locator) -> None:
    """Step by the tabulator to the rows of a table."""
    rows = found.locator("canvas").first

    def within() -> bool:
        page.keyboard.press("Tab")
        return bool(rows.evaluate("(rows) => rows.contains(document.activeElement)"))

    wait_for(within, "the rows", 60)


@pytest.mark.parametrize(
    ("address", "heading", "narrows"),
    [("/quality", "Data issues by organisation", "organisation=")],
)
def test_a_name_is_followed_by_keyboard_after_a_click_elsewhere(
    page: Page, address: str, heading: str, narrows: str
) -> None:
    page.goto(address)
    button = page.locator(".st-key-doubt-without_place").get_by_role("button")
    expect(button).to_be_enabled(timeout=PATIENCE)
    button.click()
    expect(page).to_have_url(re.compile("doubt=without_place"), timeout=PATIENCE)
    found = table(page, heading)
    expect(found).to_be_visible(timeout=PATIENCE)
    reach(page, found)
    # What has the focus is the first cell: Enter does nothing before there is one.
    expect(found.locator("[aria-selected=true]")).to_have_count(1, timeout=PATIENCE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(narrows), timeout=PATIENCE)
