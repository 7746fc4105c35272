"""A click on the matrix opens a cell or narrows the page, and the browser's way back undoes it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.serial


def matrix_cells(page: Page, topic: str) -> Locator:
    """The cells of a topic, each described by its topic, territory and ratios; once they are drawn."""
    cells = page.locator(f"[data-testid=stVegaLiteChart] path[aria-label*='Topic: {topic};']")
    expect(cells.first).to_be_attached()
    return cells


def test_a_click_on_a_cell_opens_it_and_back_closes_it(page: Page) -> None:
    page.goto("/matrix?lang=en&period=91d&arrange=name")
    cell = matrix_cells(page, "Roads").nth(3)
    territory = re.search(r"Territory: ([^;]+);", cell.get_attribute("aria-label") or "")
    assert territory
    cell.click()
    title = page.get_by_role("heading", name=f"Roads · {territory[1]}", exact=True)
    expect(title).to_be_visible()
    expect(page).to_have_url(re.compile("cell=roads(@|%40)"))
    expect(page.get_by_role("heading", name="Problems of the cell", exact=True)).to_be_visible()
    page.go_back()
    expect(title).to_have_count(0)
    page.go_forward()
    expect(title).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(title).to_have_count(0)
    expect(page).not_to_have_url(re.compile("cell="))


@pytest.mark.parametrize(("name", "param"), [("Roads", "topic=roads"), ("Adygea", "territory=RU-AD")])
def test_a_click_on_a_name_narrows_the_page(page: Page, name: str, param: str) -> None:
    page.goto("/matrix?lang=en&period=91d&arrange=name")
    matrix_cells(page, "Roads")
    page.locator("[data-testid=stVegaLiteChart] g.mark-text text").filter(
        has_text=re.compile(f"^{name}$")
    ).first.click()
    expect(page.locator(".st-key-chips").get_by_role("button", name=name)).to_be_visible()
    expect(page).to_have_url(re.compile(param))
    expect(page).not_to_have_url(re.compile("cell="))
