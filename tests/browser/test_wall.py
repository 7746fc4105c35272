"""The wall in a browser: it follows the data by itself, says when it is cut off, and fits each screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from otklik.load.marked_changes import ChangeMarker
from otklik.load.measurements import Measurements
from tests.browser.conftest import PageProblems
from tests.support.servers.running_app import RunningApp, is_healthy, screens_away
from tests.support.waiting import wait_for

OVERFLOWING_SCRIPT = """() => [...document.querySelectorAll("#wall, #wall section, #wall .figure, #wall .name")]
  .filter(element => element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2)
  .map(element => element.id || element.className)"""


def received_count(page: Page) -> int:
    return int(page.locator("[data-received]").get_attribute("data-received") or 0)


def test_an_appeal_is_on_the_wall_without_a_reload(page: Page, app: RunningApp, heard: PageProblems) -> None:
    page.goto("/wall?lang=en")
    page.evaluate("() => { window.isTheSamePage = true; }")
    before = received_count(page)
    ChangeMarker(app.database_url, Measurements()).add_change()
    wait_for(lambda: received_count(page) == before + 1, "the new appeal on the wall")
    assert page.evaluate("() => window.isTheSamePage")
    assert not heard.errors
    assert not heard.outside_requests


def test_a_wall_that_is_cut_off_says_so_and_comes_back_by_itself(page: Page, app: RunningApp) -> None:
    page.goto("/wall?lang=en")
    trouble = page.locator("#trouble")
    expect(trouble).to_be_hidden()
    with screens_away(app):
        expect(trouble).to_be_visible()
        expect(trouble).to_have_text(re.compile(r"No connection\. The figures are from \d\d:\d\d:\d\d\."))
        expect(page.locator("body")).to_have_class("cut")
    # The launcher starts the screens again.
    wait_for(lambda: is_healthy(app.url), "the screens")
    expect(trouble).to_be_hidden()
    before = received_count(page)
    ChangeMarker(app.database_url, Measurements()).add_change()
    wait_for(lambda: received_count(page) == before + 1, "the new appeal on the wall")


@pytest.mark.parametrize("language", ["en", "ru", "hr"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920)])
def test_nothing_scrolls_or_is_cut(page: Page, language: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for scene, section in (("figures", "#holders"), ("surges", "#surges")):
        page.goto(f"/wall?lang={language}&scene={scene}")
        expect(page.locator(section)).to_be_visible()
        assert page.evaluate(OVERFLOWING_SCRIPT) == []


def test_the_overview_leads_to_the_wall_of_its_filters(page: Page) -> None:
    page.goto("/overview?lang=en&territory=RU-KHM")
    link = page.get_by_role("link", name="Wall")
    expect(link).to_have_attribute("href", re.compile(r"/wall\?territory=RU-KHM&lang=en$"))
