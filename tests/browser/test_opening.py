"""A click opens the appeals behind a number: those of a doubt, and those of a bar of ratings."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_clicking import chart, click_once
from tests.browser.test_narrowing import PATIENCE

pytestmark = pytest.mark.serial


def test_a_button_opens_the_appeals_behind_its_doubt(page: Page) -> None:
    page.goto("/quality")
    found = page.locator(".st-key-doubt-without_place").get_by_role("button")
    expect(found).to_be_enabled(timeout=PATIENCE)
    found.click()
    expect(page).to_have_url(re.compile("doubt=without_place"), timeout=PATIENCE)
    expect(page.get_by_role("heading", name="The appeals behind “Without a place”")).to_be_visible(timeout=PATIENCE)
    page.go_back()
    expect(page).not_to_have_url(re.compile("doubt="), timeout=PATIENCE)


def test_a_bar_of_ratings_opens_its_answers_until_they_are_closed(page: Page) -> None:
    page.goto("/satisfaction")
    bars = chart(page, "left as it is")
    expect(bars).to_be_visible(timeout=PATIENCE)
    bars.scroll_into_view_if_needed()
    click_once(page, bars.get_by_text("left as it is"), "answers=fate-closed")
    title = page.get_by_role("heading", name="Low ratings: left as it is")
    expect(title).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Close the list").click()
    expect(title).to_have_count(0, timeout=PATIENCE)
    expect(page).not_to_have_url(re.compile("answers="), timeout=PATIENCE)
