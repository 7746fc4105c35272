"""The queue as a person uses it: search, open, go on to the next, come back, keep a view, take the list away."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageProblems

pytestmark = pytest.mark.serial

PATIENCE = 60_000  # ms: a cold start while other tests run
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
    expect(numbers(page).first).to_be_attached(timeout=PATIENCE)


def test_one_searches_opens_goes_on_and_comes_back(page: Page, heard: PageProblems) -> None:
    opened(page, "/queue?lang=en&state=overdue")
    first, second = listed(page)[:2]
    search = page.get_by_placeholder("Search by number or text")
    search.fill(first)
    search.press("Enter")
    expect(page).to_have_url(re.compile(f"q={first}"), timeout=PATIENCE)
    expect(numbers(page)).to_have_text([first], timeout=PATIENCE)
    opened(page, "/queue?lang=en&state=overdue")
    box = page.get_by_test_id(LIST).first.bounding_box()
    assert box
    # Number is the second column after the boxes to choose by; the first row lies below the head.
    page.mouse.click(box["x"] + 35 + 165 + 55, box["y"] + 35 + 17)
    expect(page).to_have_url(re.compile(f"number={first}"), timeout=PATIENCE)
    expect(page.get_by_role("heading", name=first)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("^Next")).click()
    expect(page).to_have_url(re.compile(f"number={second}"), timeout=PATIENCE)
    expect(page.get_by_role("heading", name=second)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Back to the list").click()
    expect(page).to_have_url(re.compile("/queue.*state=overdue"), timeout=PATIENCE)
    assert heard.outside_requests == []


def test_heads_order_the_whole_list_in_the_address(page: Page) -> None:
    opened(page, "/queue?lang=en&sort=newest")
    times = page.get_by_test_id(LIST).first.locator('td[data-testid^="glide-cell-1-"]')
    for sort, is_descending in (("deadline", False), ("deadline_last", True)):
        before = times.first.inner_text()
        page.get_by_test_id(LIST).first.scroll_into_view_if_needed()
        box = page.get_by_test_id(LIST).first.bounding_box()
        assert box
        page.mouse.click(box["x"] + 35 + 60, box["y"] + 17)
        expect(times.first).not_to_have_text(before, timeout=PATIENCE)
        assert page.evaluate("new URL(location).searchParams.get('sort')") == (None if sort == "deadline" else sort)
        # The accessible text of a cell is its deadline, then the words that the canvas shows.
        deadlines = [text[:19] for text in times.all_text_contents()]
        assert deadlines == sorted(deadlines, reverse=is_descending)
        assert len(set(deadlines)) > 1


def test_a_view_is_kept_and_found_again(page: Page) -> None:
    opened(page, "/queue?lang=en&state=at_risk&sort=newest")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Name of the view").fill("Soon late")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_role("button", name="Soon late")).to_be_visible(timeout=PATIENCE)
    opened(page, "/queue?lang=en")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Soon late").click(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("state=at_risk"), timeout=PATIENCE)
    expect(page).to_have_url(re.compile("sort=newest"), timeout=PATIENCE)


def test_the_file_of_a_list_holds_what_the_screen_shows(page: Page) -> None:
    opened(page, "/queue?lang=en&state=overdue")
    shown = listed(page)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Prepare CSV").click()
    file = page.get_by_role("button", name=re.compile("Download CSV"))
    expect(file).to_be_visible(timeout=PATIENCE)
    with page.expect_download(timeout=PATIENCE) as download:
        file.click()
    rows = list(csv.DictReader(StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row["Number"] for row in rows][: len(shown)] == shown
    assert {row["State"] for row in rows} == {"Overdue"}
