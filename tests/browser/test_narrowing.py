"""A click on what is drawn narrows the page; a chip, or the browser's way back, widens it again."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.test_clicking import narrow_to_a_day, remove_chip
from tests.browser.test_overview import loaded, tile
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial


def click_until(page: Page, at: Locator, address: str) -> None:
    """Click a drawing until the address says so: it takes no click before it is ready, nor while it is drawn anew."""

    def arrived() -> bool:
        at.click(force=True)
        with suppress(AssertionError):
            expect(page).to_have_url(re.compile(address), timeout=5_000)
        return re.search(address, page.url) is not None

    wait_for(arrived, f"{address} in the address")


def test_a_bar_narrows_to_its_topic_its_chip_widens_again_and_a_day_narrows_to_it(page: Page) -> None:
    loaded(page, "/overview")
    everything = tile(page, "Received")
    bars = page.get_by_test_id("stVegaLiteChart").filter(has_text="Housing and utilities").first
    click_until(page, bars.get_by_text("Housing and utilities", exact=True).first, "topic=")
    # Buttons of the charts have the topic in their names too.
    chip = page.locator(".st-key-chips").get_by_role("button", name="Housing and utilities")
    expect(chip).to_be_visible()
    wait_for(lambda: tile(page, "Received") != everything, "other figures")
    page.go_back()
    wait_for(lambda: tile(page, "Received") == everything, "the figures before")
    page.go_forward()
    remove_chip(page, chip, "topic=")
    wait_for(lambda: tile(page, "Received") == everything, "all figures")
    narrow_to_a_day(page, "Backlog: ")


def test_the_way_down_by_the_list_ends_at_an_appeal_and_leads_back(page: Page) -> None:
    page.goto("/regions?territory=RU-KHM&points=received&figure=received")
    # After the list beside the map and the table of the territories; the appeals come last. An organisation that
    # received some may have none open.
    organisations = page.get_by_test_id("stDataFrame").nth(2)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(4)
    follow_first(page, organisations, "organisation=")
    # Which organisation comes first depends on the demo's days.
    chip = page.locator(".st-key-chips").get_by_role("button").locator("visible=true").first
    expect(chip).to_be_visible()
    appeals = page.get_by_test_id("stDataFrame").nth(3)
    open_first(page, appeals)
    expect(page.get_by_role("heading", name=re.compile("^D-"))).to_be_visible()
    # Not in the very moment in which the page tells how wide it is, which would draw the appeal once more.
    page.wait_for_timeout(1_000)
    page.go_back()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(4)
    expect(page).to_have_url(re.compile("regions.*organisation="))
    open_first(page, appeals)


def open_first(page: Page, appeals: Locator) -> None:
    """Click the number of the first appeal of a table, until its page opens."""

    def opened() -> bool:
        # It may be drawn anew meanwhile.
        with suppress(Error):
            appeals.scroll_into_view_if_needed(timeout=3_000)
            box = appeals.bounding_box(timeout=3_000)
            if box is not None:
                page.mouse.click(box["x"] + 55, box["y"] + 35 + 17)
        with suppress(AssertionError):
            expect(page).to_have_url(re.compile(r"/appeal\?.*number="), timeout=5_000)
        return "/appeal?" in page.url

    wait_for(opened, "the page of an appeal")


def follow_first(page: Page, table: Locator, address: str) -> None:
    """Follow the name in the first row of a table by keyboard until the address says so."""

    def followed() -> bool:
        # It may be drawn anew meanwhile.
        with suppress(Error):
            table.scroll_into_view_if_needed(timeout=3_000)
            table.locator("canvas").first.focus(timeout=3_000)
            for key in ("ArrowDown", "Enter"):
                page.keyboard.press(key)
        with suppress(AssertionError):
            expect(page).to_have_url(re.compile(address), timeout=5_000)
        return re.search(address, page.url) is not None

    wait_for(followed, f"{address} in the address")
