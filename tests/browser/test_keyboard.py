"""A click opens the appeals behind a number, and a name is followed by keyboard wherever the pointer has been."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

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

    wait_for(within, "the rows")


def test_a_button_opens_the_appeals_behind_its_doubt_and_a_name_is_followed_by_keyboard_after_it(page: Page) -> None:
    page.goto("/quality")
    button = page.locator(".st-key-doubt-without_place").get_by_role("button")
    expect(button).to_be_enabled()
    button.click()
    expect(page).to_have_url(re.compile("doubt=without_place"))
    expect(page.get_by_role("heading", name="The appeals behind “Without a place”")).to_be_visible()
    found = table(page, "Data issues by organisation")
    expect(found).to_be_visible()
    reach(page, found)
    # What has the focus is the first cell: Enter does nothing before there is one.
    expect(found.locator("[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("organisation="))
    page.go_back()
    expect(page).not_to_have_url(re.compile("organisation="))
    page.go_back()
    expect(page).not_to_have_url(re.compile("doubt="))
