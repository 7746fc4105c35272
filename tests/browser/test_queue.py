"""The queue as a person uses it: search, open, go on to the next, come back, keep a view, take the list away."""

import csv
import re
from contextlib import suppress
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import PageProblems
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial

LIST = "stDataFrame"


def numbers(page: Page) -> Locator:
    """The cells of the numbers: the table is drawn on a canvas, its cells stand in it for those who listen."""
    return page.get_by_test_id(LIST).first.locator('td[data-testid^="glide-cell-2-"]')


def listed(page: Page) -> list[str]:
    """The numbers of the first rows."""
    return numbers(page).all_text_contents()


def opened(page: Page, address: str) -> None:
    """The queue once its list is there."""
    page.goto(address)
    expect(numbers(page).first).to_be_attached()


def click_list(page: Page, across: int, down: int, param: str, value: str | None) -> None:
    """Click a place of the list until the address has this value of a parameter, or hasn't the parameter (None).

    A list that is drawn anew takes no click, and one that moves takes it elsewhere; a second click comes only when the
    first has done nothing for long.
    """
    table = page.get_by_test_id(LIST).first

    def is_clicked() -> bool:
        with suppress(AssertionError, Error):
            app = page.get_by_test_id("stApp")
            expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=5_000)
            table.scroll_into_view_if_needed(timeout=3_000)
            if box := table.bounding_box(timeout=3_000):
                page.mouse.click(box["x"] + across, box["y"] + down)
            has_value = "([name, value]) => new URL(location).searchParams.get(name) === value"
            page.wait_for_function(has_value, arg=[param, value], timeout=20_000)
        return parse_qs(urlsplit(page.url).query).get(param, [None])[0] == value

    wait_for(is_clicked, f"{param}={value} in the address")


def test_one_searches_opens_goes_on_comes_back_and_takes_the_list_away(page: Page, heard: PageProblems) -> None:
    opened(page, "/queue?lang=en&state=overdue")
    first, second = listed(page)[:2]
    search = page.get_by_placeholder("Search by number or text")
    search.fill(first)
    search.press("Enter")
    expect(page).to_have_url(re.compile(f"q={first}"))
    expect(numbers(page)).to_have_text([first])
    opened(page, "/queue?lang=en&state=overdue")
    # Number is the second column after the boxes to choose by; the first row lies below the head.
    click_list(page, 35 + 165 + 55, 35 + 17, "number", first)
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Next")).click()
    expect(page).to_have_url(re.compile(f"number={second}"))
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page).to_have_url(re.compile("/queue.*state=overdue"))
    expect(numbers(page).nth(1)).to_have_text(second)
    on_screen = listed(page)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Prepare CSV").click()
    file = page.get_by_role("button", name=re.compile("Download CSV"))
    expect(file).to_be_visible()
    with page.expect_download() as download:
        file.click()
    rows = list(csv.DictReader(StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row["Number"] for row in rows][: len(on_screen)] == on_screen
    assert {row["State"] for row in rows} == {"Overdue"}
    assert heard.outside_requests == []


def test_heads_order_the_whole_list_in_the_address(page: Page) -> None:
    opened(page, "/queue?lang=en&sort=newest")
    times = page.get_by_test_id(LIST).first.locator('td[data-testid^="glide-cell-1-"]')
    for sort, is_descending in (("deadline", False), ("deadline_last", True)):
        before = times.first.inner_text()
        click_list(page, 35 + 60, 17, "sort", None if sort == "deadline" else sort)
        expect(times.first).not_to_have_text(before)
        # The accessible text of a cell is its deadline, then the words that the canvas shows.
        deadlines = [text[:19] for text in times.all_text_contents()]
        assert deadlines == sorted(deadlines, reverse=is_descending)
        assert len(set(deadlines)) > 1


def test_a_view_is_kept_and_found_again(page: Page) -> None:
    opened(page, "/queue?lang=en&state=at_risk&sort=newest")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Name of the view").fill("Soon late")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_role("button", name="Soon late")).to_be_visible()
    opened(page, "/queue?lang=en")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Soon late").click()
    expect(page).to_have_url(re.compile("state=at_risk"))
    expect(page).to_have_url(re.compile("sort=newest"))
