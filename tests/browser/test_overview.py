"""The overview as a person uses it."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from otklik.i18n import LANGUAGES
from tests.browser.conftest import PageProblems
from tests.support.servers.running_app import RunningApp
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial

PANELS = 6
HEADINGS = 8


def tile(page: Page, name: str) -> str:
    """The number on a tile."""
    found = page.get_by_test_id("stMetric").filter(has_text=name).first
    return found.get_by_test_id("stMetricValue").inner_text().strip()


def loaded(page: Page, address: str = "/") -> None:
    """Open an address and wait until the last panel is drawn."""
    page.goto(address)
    expect(page.get_by_test_id("stMetric")).to_have_count(8)
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg")).to_have_count(PANELS)
    expect(page.get_by_role("heading", level=4)).to_have_count(HEADINGS)


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a filter, as with the keyboard."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    page.get_by_role("option").filter(has_text=option).first.click()


@pytest.fixture
def added(app: RunningApp) -> Iterator[str]:
    """Appeals that a test adds are numbered so, and taken away after it."""
    yield "BROWSER-"
    with psycopg.connect(app.database_url) as connection:
        connection.execute("DELETE FROM appeal WHERE number LIKE 'BROWSER-%'")


def insert(app: RunningApp, number: str) -> None:
    """One more appeal, as an import brings it: a copy of the newest with another number and time.

    It comes where the day ends last: regions further east may have the next one, which isn't today's on the page.
    """
    with psycopg.connect(app.database_url) as connection:
        connection.execute(
            "INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, municipality_id, regime_id,"
            " status_id, received_at, first_holder_id, holder_id)"
            " SELECT region_id, source_id, %s, channel_id, topic_id, municipality_id, regime_id,"
            " (SELECT id FROM status WHERE code = 'received'), %s, first_holder_id, holder_id"
            " FROM appeal JOIN territory AS region ON region.id = region_id"
            " ORDER BY (now() AT TIME ZONE region.timezone)::date, received_at DESC LIMIT 1",
            (number, datetime.now(UTC)),
        )


@contextmanager
def database_away(app: RunningApp) -> Iterator[None]:
    """PostgreSQL killed, and the launcher held so that it doesn't start it anew before the end."""
    postmaster = int((app.data / "postgresql" / "postmaster.pid").read_text().split()[0])
    os.kill(app.process.pid, signal.SIGSTOP)
    try:
        os.kill(postmaster, signal.SIGKILL)
        yield
    finally:
        os.kill(app.process.pid, signal.SIGCONT)


def test_it_loads_without_an_error_and_asks_nobody_outside(page: Page, heard: PageProblems) -> None:
    loaded(page)
    expect(page.get_by_text("Demo data")).to_be_visible()
    assert heard.errors == []
    assert heard.outside_requests == []


def test_the_morning_is_answered_without_scrolling_in_each_language(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    for language in LANGUAGES:
        loaded(page, f"/?lang={language}")
        box = page.locator(".st-key-morning").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, language


def test_a_filter_changes_the_figures_and_the_address_and_a_link_shows_the_same(page: Page) -> None:
    loaded(page)
    everywhere = tile(page, "Received")
    pick(page, "Territory", "Ugra")
    expect(page).to_have_url(re.compile("territory=RU-KHM"))
    wait_for(lambda: tile(page, "Received") != everywhere, "other figures")
    there = tile(page, "Received")
    loaded(page, page.url)
    assert tile(page, "Received") == there


def test_back_and_forth_in_the_browser_is_back_and_forth_in_the_filters(page: Page) -> None:
    loaded(page)
    everywhere = tile(page, "Received")
    pick(page, "Territory", "Ugra")
    wait_for(lambda: tile(page, "Received") != everywhere, "other figures")
    page.go_back()
    wait_for(lambda: tile(page, "Received") == everywhere, "the figures before")


def test_an_appeal_comes_onto_an_open_screen_by_itself(page: Page, app: RunningApp, added: str) -> None:
    loaded(page, "/?period=today")
    before = tile(page, "Received")
    insert(app, f"{added}{datetime.now(UTC):%H%M%S%f}")
    wait_for(lambda: tile(page, "Received") != before, "the figure with the new appeal")


def test_a_screen_without_news_tells_the_time_and_is_not_drawn_anew(page: Page) -> None:
    sent: list[str] = []

    def note(frame: str | bytes) -> None:
        frame_bytes = frame.encode() if isinstance(frame, str) else frame
        sent.extend(text for text in ("As of", "Largest topics") if text.encode() in frame_bytes)

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    loaded(page)
    clock = page.locator(".st-key-status-line strong")
    drawings_by_time: dict[str, int] = {}

    def has_ticked_undrawn() -> bool:
        drawings_by_time.setdefault(clock.inner_text(), len(sent))
        last_drawings = list(drawings_by_time.values())[-4:]
        return len(last_drawings) == 4 and len(set(last_drawings)) == 1

    # What the demo counts beside the page is news as well.
    wait_for(has_ticked_undrawn, "three seconds that nobody sent")
    assert {"As of", "Largest topics"} <= set(sent)


def test_the_last_figures_stay_while_the_database_is_away_and_come_back(
    page: Page, app: RunningApp, added: str
) -> None:
    loaded(page, "/?period=today")
    before = tile(page, "Received")
    with database_away(app):
        expect(page.get_by_text("The database is away")).to_be_visible()
        assert tile(page, "Received") == before
    expect(page.get_by_text("The database is away")).to_be_hidden()
    insert(app, f"{added}{datetime.now(UTC):%H%M%S%f}")
    wait_for(lambda: tile(page, "Received") != before, "the figures of now")


@pytest.mark.parametrize(
    ("switch", "title", "received"), [("RU", "Обзор", "Поступило"), ("HR", "Pregled", "Zaprimljeno")]
)
def test_the_language_switches_and_stays_in_the_address(page: Page, switch: str, title: str, received: str) -> None:
    loaded(page)
    page.get_by_role("radio", name=switch).or_(page.get_by_role("button", name=switch, exact=True)).first.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text=received).first).to_be_visible()
    expect(page).to_have_url(re.compile(f"lang={switch.lower()}"))
    loaded(page, page.url)
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def figure_link(page: Page, name: str) -> Locator:
    """The link of a large figure of the morning; organisations have figures of the same name."""
    return page.get_by_role("link", name=re.compile(rf"^[\d,]+ {name}$"))


def test_the_first_screen_of_a_laptop_holds_the_morning(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    loaded(page)
    expect(figure_link(page, "Due within 7 days")).to_be_in_viewport()
    # After a day off there may be none, and no link.
    missed = page.locator(".st-key-due-figures").get_by_text(re.compile("[Mm]issed since yesterday$"))
    expect(missed.or_(figure_link(page, "Missed since yesterday")).first).to_be_in_viewport()
    for title in ("Who must act", "What is unusual", "Feed", "Backlog by week"):
        expect(page.get_by_role("heading", name=title)).to_be_in_viewport()
    expect(page.get_by_text("last appeal")).to_be_in_viewport()


def test_a_number_of_the_morning_opens_its_list(page: Page) -> None:
    loaded(page)
    figure_link(page, "Due within 7 days").click()
    expect(page).to_have_url(re.compile(r"/queue\?.*due=week"))
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_a_page_that_the_browser_gave_up_is_loaded_again(page: Page) -> None:
    loaded(page)
    page.evaluate(
        """() => {
            document.getElementById("root").replaceChildren();
            window.dispatchEvent(new ErrorEvent("error", { message: "a place that is gone" }));
        }"""
    )
    expect(page.get_by_test_id("stMetric")).to_have_count(8)
