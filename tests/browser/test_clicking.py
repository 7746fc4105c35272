"""A click on a chart of the analysis narrows its page, and says so; the browser's way back, or the chip, widens it."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.test_overview import PATIENCE, tile
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial


def chart(page: Page, words: str, of: str = "") -> Locator:
    """The first chart that has these words on it; `of`: which has these in what is told of it."""
    told = f"[aria-label*='{of}']" if of else ""
    return page.locator(f"[data-testid=stVegaLiteChart]{told}").filter(has_text=words).first


@pytest.mark.parametrize(
    ("address", "words", "of", "figure", "narrows"),
    [
        ("/resolution?period=91d", "observed ÷ expected", "Organisations", "Received", "organisation="),
        ("/satisfaction", "Housing and utilities", "By topic", "Ratings", "topic="),
    ],
)
def test_a_click_on_a_row_narrows_the_page(
    page: Page, address: str, words: str, of: str, figure: str, narrows: str
) -> None:
    page.goto(address)
    # The regions are compared by a chart with the same words.
    found = chart(page, words, of)
    expect(found).to_be_visible(timeout=PATIENCE)
    row = found.locator("g.mark-text.role-mark text").first
    name = row.text_content() or ""
    everything = tile(page, figure)
    click_once(page, row, narrows)
    # A long name is cut in the chart, at its end or in the middle.
    whole_name = re.compile(".*".join(map(re.escape, name.split("…"))))
    chip = page.get_by_role("button", name=whole_name).locator("visible=true").first
    expect(chip).to_be_visible(timeout=PATIENCE)
    wait_for(lambda: tile(page, figure) != everything, "other figures", 60)
    page.go_back()
    wait_for(lambda: tile(page, figure) == everything, "the figures before", 60)
    expect(page.locator(".st-key-chips")).to_have_count(0, timeout=PATIENCE)
    page.go_forward()
    remove_chip(page, chip, narrows)
    wait_for(lambda: tile(page, figure) == everything, "all figures", 60)


def click_once(page: Page, at: Locator, narrows: str) -> None:
    """Click until the address says so; patiently, since a second click would narrow what is narrowed already."""

    def arrived() -> bool:
        # A chart that is just drawn anew takes no click, and one that moves takes it for what was there before.
        with suppress(AssertionError, Error):
            expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
            at.click(force=True, timeout=3_000)
            expect(page).to_have_url(re.compile(narrows), timeout=20_000)
        return narrows in page.url

    wait_for(arrived, f"{narrows} in the address", 90)


def remove_chip(page: Page, chip: Locator, narrows: str) -> None:
    """Click a chip until the address hasn't its filter: one that is drawn again, as after Forward, loses a click."""

    def is_removed() -> bool:
        with suppress(AssertionError, Error):
            chip.click(timeout=3_000)
            expect(page).not_to_have_url(re.compile(narrows), timeout=10_000)
        return narrows not in page.url

    expect(page).to_have_url(re.compile(narrows), timeout=PATIENCE)
    wait_for(is_removed, f"an address without {narrows}", 90)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/overview", "Backlog: "),
        ("/queue", "open at first, "),
        ("/regions", " → "),
    ],
)
def test_a_click_on_a_day_of_the_backlog_narrows_the_page_to_it(page: Page, address: str, said: str) -> None:
    page.goto(address)
    days = page.locator(f"[data-testid=stVegaLiteChart][aria-label*='{said}']")
    # Others may tell of the same: this is one with a line.
    line = days.locator("g.mark-area path, g.mark-line path").first
    expect(line).to_be_visible(timeout=PATIENCE)
    click_once(page, line, "period=range")
    first, last = (re.search(f"{name}=([0-9-]+)", page.url) for name in ("from", "to"))
    assert first
    assert last
    assert first.group(1) == last.group(1)
