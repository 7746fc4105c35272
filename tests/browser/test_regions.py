"""The map of the regions as a person uses it."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageProblems
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial


def loaded(page: Page, address: str = "/regions") -> None:
    """Open an address and wait until the map, the list and the table below are drawn."""
    page.goto(address)
    expect(page.get_by_role("heading", name="Regions")).to_be_visible()
    expect(drawing(page)).to_be_visible()
    expect(page.get_by_text("Territories in figures")).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def drawing(page: Page) -> Locator:
    return page.get_by_test_id("stDeckGlJsonChart").first


def listed(page: Page) -> list[str]:
    """The names in the list: its canvas has the cells beside it for those who listen."""
    cells = page.get_by_test_id("stDataFrame").first.locator('td[aria-colindex="1"]')
    return [text for text in cells.all_text_contents() if text]


def way(page: Page) -> str:
    """The territory in the address."""
    found = re.search(r"territory=([^&]+)", page.url)
    return found.group(1) if found else ""


def click_the_middle(page: Page, to: str) -> None:
    """Click the map where a territory lies until the address says so: the canvas takes no click before it is drawn."""
    box = drawing(page).bounding_box()
    assert box

    def arrived() -> bool:
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        with suppress(AssertionError):
            expect(page).to_have_url(re.compile(f"territory={to}"), timeout=3_000)
        return way(page).startswith(to)

    wait_for(arrived, f"{to} in the address")


def test_the_map_opens_a_region_leads_back_up_and_takes_another_figure(page: Page, heard: PageProblems) -> None:
    loaded(page)
    # The middle of the country is Krasnoyarsk Krai, whichever way it is drawn.
    click_the_middle(page, "RU-KYA")
    expect(page.get_by_text("Appeals as points")).to_be_visible()
    expect(page.get_by_role("button", name="Siberian Federal District")).to_be_visible()
    expect(page.get_by_role("combobox", name="Territory")).to_have_value(re.compile("Krasnoyarsk"))
    page.get_by_role("button", name="Siberian Federal District").click()
    expect(page).to_have_url(re.compile("territory=RU-FD-SIBERIA"))
    wait_for(lambda: "Krasnoyarsk Krai" in listed(page), "the regions of the district")
    page.get_by_role("button", name="Russia", exact=True).click()
    expect(page).to_have_url(re.compile("territory=RU$"))
    for figure, name in (("Satisfaction", "satisfaction"), ("Received per 10,000", "received_per_10k")):
        page.get_by_role("combobox", name="Colour by", exact=True).click()
        page.get_by_role("option").filter(has_text=re.compile(f"^{figure}$")).first.click()
        expect(page).to_have_url(re.compile(f"figure={name}\\b"))
        expect(page.get_by_role("heading", name=figure, exact=True)).to_be_visible()
    # Streamlit itself asks for its settings below the page's address first, and is told 404.
    assert [line for line in heard.errors if "404" not in line] == []
    assert heard.outside_requests == []


def test_a_click_on_a_district_opens_it(page: Page) -> None:
    loaded(page, "/regions?level=territory")
    click_the_middle(page, "RU-FD-SIBERIA")


def test_the_browsers_way_back_is_back_on_the_map_whose_list_opens_a_region_by_keyboard(page: Page) -> None:
    loaded(page, "/regions?territory=RU-FD-URAL")
    wait_for(lambda: len(listed(page)) == 6, "the six regions of the Urals")
    page.get_by_role("button", name="Russia", exact=True).click()
    wait_for(lambda: len(listed(page)) > 6, "the regions of the country")
    page.go_back()
    wait_for(lambda: len(listed(page)) == 6, "the regions of the Urals again")
    names = listed(page)
    page.get_by_test_id("stDataFrame").first.locator("canvas").first.focus()

    def opened_by_keys() -> bool:
        # Down a row, and open it; keys are lost while the table is drawn anew.
        for key in ("ArrowDown", "Enter"):
            page.keyboard.press(key)
        with suppress(AssertionError):
            expect(page).not_to_have_url(re.compile("territory=RU-FD-URAL"), timeout=3_000)
        return way(page) != "RU-FD-URAL"

    wait_for(opened_by_keys, "a region in the address")
    chosen = page.get_by_role("combobox", name="Territory")
    expect(chosen).not_to_have_value(re.compile("Ural"))
    assert chosen.input_value().strip() in names


def test_the_address_opened_again_shows_the_same(page: Page) -> None:
    loaded(page, "/regions?territory=RU-FD-URAL&figure=received&show=change")
    names = wait_for(lambda: listed(page), "the list")
    expect(page.get_by_role("heading", name="Received: change against the period compared with")).to_be_visible()
    loaded(page, page.url)
    assert wait_for(lambda: listed(page), "the list") == names
