"""The page menu keeps the person, the language and the filters that one was looking at."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from otklik.i18n import translations
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE
from tests.browser.conftest import OpenContext
from tests.support.servers.running_app import RunningApp, running_app
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial

KEPT = {
    "as": ["administrator"],
    "lang": ["ru"],
    "territory": ["RU-KHM-SURGUTSKY-DISTRICT"],
    "period": ["91d"],
    "topic": ["roads"],
    "regime": ["ordinary"],
}


def test_every_entry_of_the_menu_keeps_person_language_and_filters(page: Page) -> None:
    query_string = "&".join(f"{name}={value}" for name, (value,) in KEPT.items())
    # As wide as all entries need, so that none is under "more".
    page.set_viewport_size({"width": 2200, "height": 900})
    page.goto(f"/regions?{query_string}&figure=satisfaction")
    menu_pages = [entry for entry in PAGES.values() if entry.listed and entry.id in RIGHTS_BY_ROLE["administrator"]]
    for entry in sorted(menu_pages, key=lambda entry: entry.id == "regions"):
        title = translations("ru").gettext(entry.title)
        # Whole: one title may lie within another.
        page.get_by_test_id("stTopNavLink").filter(has=page.get_by_text(title, exact=True)).click()
        expect(page.get_by_role("heading", name=title, level=1, exact=True)).to_be_visible()
        page.wait_for_url(lambda url: "territory=" in url)
        address = urlsplit(page.url)
        assert (address.path, parse_qs(address.query)) == (f"/{entry.id}", KEPT)
        expect(page.get_by_text("Администратор", exact=True).first).to_be_visible()


def test_slash_leads_to_the_search_box_of_any_page(page: Page) -> None:
    page.goto("/overview?as=manager&lang=en&channel=portal")
    search_box = page.get_by_role("textbox", name="Search appeals")
    expect(search_box).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()

    def is_focused_by_slash() -> bool:
        page.keyboard.press("/")
        return bool(search_box.evaluate("input => input === document.activeElement"))

    wait_for(is_focused_by_slash, "the script of the key, which may come after the box")
    # There it is a letter like any other.
    page.keyboard.type("road/hole")
    expect(search_box).to_have_value("road/hole")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/queue")
    kept = {"as": ["manager"], "lang": ["en"], "channel": ["portal"], "q": ["road/hole"]}
    assert parse_qs(urlsplit(page.url).query) == kept


def test_a_deep_link_on_a_fresh_server_has_the_menu(new_context: OpenContext, app: RunningApp) -> None:
    with running_app(app.data) as fresh:
        page = new_context(fresh.url).new_page()
        page.goto("/queue?territory=RU-KHM&as=manager")
        expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
        expect(page.get_by_test_id("stTopNavLink").filter(has_text="Overview")).to_be_visible()
        assert page.url.endswith("/queue?territory=RU-KHM&as=manager")


def test_words_of_the_frontend_are_in_the_language_of_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 800})
    page.goto("/audit?as=administrator&lang=ru")
    more = page.locator(".rc-overflow-item-rest p")
    expect(more).to_have_css("font-size", "0px")
    shown = "(element) => getComputedStyle(element, '::after').content"
    assert more.evaluate(shown) == '"Ещё"'
    page.get_by_test_id("stTopNavSection").click()
    expect(page.get_by_test_id("stTopNavDropdownLink").or_(page.get_by_role("menuitem")).last).to_be_visible()
    page.evaluate("""() => document.body.insertAdjacentHTML("beforeend",
        "<div data-testid=stStatusWidget><button>Stop</button><button disabled>Stopping...</button></div>")""")
    stop, stopping = page.locator("body > [data-testid=stStatusWidget] button").all()
    assert [stop.evaluate(shown), stopping.evaluate(shown)] == ['"Остановить"', '"Останавливается…"']
    expect(stop).to_have_css("font-size", "0px")
