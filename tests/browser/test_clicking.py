"""A click on a chart of the analysis narrows its page, and says so; the browser's way back, or the chip, widens it."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.test_overview import tile
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial


def chart(page: Page, words: str, description: str = "") -> Locator:
    """The first chart that has these words on it; several may: with `description` in its accessible description."""
    described = f"[aria-label*='{description}']" if description else ""
    return page.locator(f"[data-testid=stVegaLiteChart]{described}").filter(has_text=words).first


def test_a_click_on_an_organisation_narrows_the_page(page: Page) -> None:
    page.goto("/resolution?period=91d")
    narrow_and_widen(page, chart(page, "observed ÷ expected", "Organisations"), "Received", "organisation=")


def test_a_click_on_a_topic_narrows_the_page_and_a_bar_of_ratings_opens_its_answers(page: Page) -> None:
    page.goto("/satisfaction")
    narrow_and_widen(page, chart(page, "Housing and utilities", "By topic"), "Ratings", "topic=")
    bars = chart(page, "left as it is")
    expect(bars).to_be_visible()
    bars.scroll_into_view_if_needed()
    click_once(page, bars.get_by_text("left as it is"), "answers=fate-closed")
    title = page.get_by_role("heading", name="Low ratings: left as it is")
    expect(title).to_be_visible()
    page.get_by_role("button", name="Close the list").click()
    expect(title).to_have_count(0)
    expect(page).not_to_have_url(re.compile("answers="))


def narrow_and_widen(page: Page, compared: Locator, figure: str, narrows: str) -> None:
    """Click the first row of a chart, go back and forth, and remove the chip; the figure changes along."""
    expect(compared).to_be_visible()
    row = compared.locator("g.mark-text.role-mark text").first
    name = row.text_content() or ""
    everything = tile(page, figure)
    click_once(page, row, narrows)
    # A long name is cut in the chart, at its end or in the middle.
    whole_name = re.compile(".*".join(map(re.escape, name.split("…"))))
    # Buttons of the charts have the name in theirs too.
    chip = page.locator(".st-key-chips").get_by_role("button", name=whole_name)
    expect(chip).to_be_visible()
    wait_for(lambda: tile(page, figure) != everything, "other figures")
    page.go_back()
    wait_for(lambda: tile(page, figure) == everything, "the figures before")
    expect(page.locator(".st-key-chips")).to_have_count(0)
    page.go_forward()
    # A chip of a page that is still being drawn may leave its address behind.
    wait_for(lambda: tile(page, figure) != everything, "the narrow figures again")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    remove_chip(page, chip, narrows)
    wait_for(lambda: tile(page, figure) == everything, "all figures")


def click_once(page: Page, at: Locator, narrows: str) -> None:
    """Click until the address says so; patiently, since a second click would narrow what is narrowed already."""

    def arrived() -> bool:
        # A chart that is just drawn anew takes no click, and one that moves takes it for what was there before.
        with suppress(AssertionError, Error):
            app = page.get_by_test_id("stApp")
            expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=5_000)
            at.click(force=True, timeout=3_000)
            expect(page).to_have_url(re.compile(narrows), timeout=20_000)
        return narrows in page.url

    wait_for(arrived, f"{narrows} in the address")


def remove_chip(page: Page, chip: Locator, narrows: str) -> None:
    """Click a chip until the address hasn't its filter: one that is drawn again, as after Forward, loses a click."""

    def is_removed() -> bool:
        with suppress(AssertionError, Error):
            chip.click(timeout=3_000)
            expect(page).not_to_have_url(re.compile(narrows), timeout=10_000)
        return narrows not in page.url

    expect(page).to_have_url(re.compile(narrows))
    wait_for(is_removed, f"an address without {narrows}")


def test_a_click_on_the_name_of_a_row_filters_by_the_row_alone(page: Page) -> None:
    page.goto("/queue?lang=en")
    cells = chart(page, "Execution")
    expect(cells).to_be_visible()
    cells.scroll_into_view_if_needed()
    click_once(page, cells.locator("g.mark-text text").filter(has_text="Execution").first, "stage=")
    assert "&age=" not in page.url


@pytest.mark.parametrize(("address", "description"), [("/queue", "open at first, "), ("/regions", " → ")])
def test_a_click_on_a_day_of_the_backlog_narrows_the_page_to_it(page: Page, address: str, description: str) -> None:
    page.goto(address)
    narrow_to_a_day(page, description)


def narrow_to_a_day(page: Page, description: str) -> None:
    """Click a day of the first line chart with these words in its accessible description."""
    days = page.locator(f"[data-testid=stVegaLiteChart][aria-label*='{description}']")
    # Others may tell of the same: this is one with a line.
    line = days.locator("g.mark-area path, g.mark-line path").first
    expect(line).to_be_visible()
    click_once(page, line, "period=range")
    first, last = (re.search(f"{name}=([0-9-]+)", page.url) for name in ("from", "to"))
    assert first
    assert last
    assert first.group(1) == last.group(1)
