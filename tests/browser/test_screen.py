"""An enrolled screen in a browser: it plays its playlist, keeps its place, jumps to what crosses "act", goes dark."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageProblems
from tests.support.servers.running_app import RunningApp, is_healthy, run_otklik, screens_away
from tests.support.waiting import wait_for

HOUR = 3600
SCENES = [
    {"page": "wall", "query": "theme=light", "seconds": HOUR},
    {"page": "overview", "query": "territory=RU-KHM", "seconds": HOUR},
    {"page": "wall", "query": "territory=RU-KHM&theme=light", "seconds": HOUR},
]


@pytest.fixture
def database(app: RunningApp) -> Iterator[psycopg.Connection]:
    """The owner's connection; what these tests add is taken away again."""
    with psycopg.connect(app.database_url, autocommit=True) as connection:
        yield connection
        connection.execute("UPDATE device SET playlist_id = NULL, revoked_at = coalesce(revoked_at, now())")
        connection.execute("DELETE FROM playlist")
        connection.execute("DELETE FROM wall_threshold")


@pytest.fixture
def screen(page: Page, app: RunningApp, request: pytest.FixtureRequest) -> Page:
    """A tab with the secret of an enrolled device."""
    enrolled = run_otklik("device", "enrol", request.node.name, "--everywhere", "--reason", "new", data=app.data)
    assert enrolled.returncode == 0, enrolled.stderr
    # The link names the last Otklik that was started on the data, which may be that to which people sign in.
    link = urlsplit(enrolled.stdout.strip())
    page.goto(f"{app.url}{link.path}?{link.query}&lang=en")
    assert "device=" not in page.url
    return page


def assign(database: psycopg.Connection, scenes: list[dict[str, object]]) -> None:
    database.execute(
        "WITH made AS (INSERT INTO playlist (name, scenes) VALUES ('Hall', %s) RETURNING id)"
        " UPDATE device SET playlist_id = made.id FROM made WHERE revoked_at IS NULL",
        [json.dumps(scenes)],
    )


def shown_by_devices(database: psycopg.Connection) -> list[str]:
    """What the devices that are let in report that they show."""
    rows = database.execute("SELECT shows FROM device_report JOIN device ON id = device_id WHERE revoked_at IS NULL")
    return [str(row[0]) for row in rows]


def region_with_most_overdue(database: psycopg.Connection) -> str:
    """The code of the region in which the most open appeals are past their deadline."""
    row = database.execute(
        "SELECT code FROM appeal JOIN territory ON territory.id = region_id"
        " WHERE closed_at IS NULL AND deadline_at < now() GROUP BY code ORDER BY count(*) DESC, code LIMIT 1"
    ).fetchone()
    assert row, "the demo has overdue appeals at any time"
    return str(row[0])


def expect_scene(page: Page, url_pattern: str) -> None:
    expect(page.locator("iframe.current")).to_have_attribute("src", re.compile(url_pattern))
    expect(page.locator("iframe")).to_have_count(1)


def test_the_place_in_a_playlist_outlives_a_reload_and_a_restart_of_the_server(
    screen: Page, app: RunningApp, database: psycopg.Connection, heard: PageProblems
) -> None:
    expect_scene(screen, r"^/wall\?lang=en$")
    # Assigned from afar, while it is on.
    assign(database, SCENES)
    expect_scene(screen, r"^/wall\?lang=en&theme=light$")
    screen.keyboard.press("ArrowRight")
    expect_scene(screen, r"^/overview\?lang=en&territory=RU-KHM&embed=true&embed_options=dark_theme$")
    frame = screen.frame_locator("iframe.current")
    expect(frame.get_by_test_id("stMetric").first).to_be_visible()
    expect(frame.get_by_test_id("stMainMenu")).to_have_count(0)
    expect(frame.get_by_test_id("stTextInput")).to_have_count(0)
    screen.reload()
    expect_scene(screen, r"^/overview")
    with screens_away(app):
        expect(screen.locator("#trouble")).to_be_visible()
        expect(screen.locator("#trouble")).to_have_text(re.compile(r"No connection\. The figures are from \d\d:\d\d\."))
    # The launcher starts the screens again.
    wait_for(lambda: is_healthy(app.url), "the screens")
    expect(screen.locator("#trouble")).to_be_hidden()
    expect_scene(screen, r"^/overview")
    screen.keyboard.press("ArrowRight")
    expect_scene(screen, r"^/wall\?lang=en&territory=RU-KHM&theme=light$")
    screen.keyboard.press("ArrowLeft")
    expect_scene(screen, r"^/overview")
    assert not heard.outside_requests


def test_scenes_follow_one_another_unless_the_screen_is_stopped(screen: Page, database: psycopg.Connection) -> None:
    assign(database, [{**scene, "seconds": 5} for scene in (SCENES[0], SCENES[2])])
    expect_scene(screen, r"territory=RU-KHM")
    expect_scene(screen, r"^/wall\?lang=en&theme=light$")
    screen.keyboard.press(" ")
    expect(screen.locator("#paused")).to_be_visible()
    screen.keyboard.press(" ")
    expect(screen.locator("#paused")).to_be_hidden()
    expect_scene(screen, r"territory=RU-KHM")


def test_a_crossing_of_act_brings_its_scene(screen: Page, database: psycopg.Connection) -> None:
    # At some hours a given region has nothing overdue.
    region = region_with_most_overdue(database)
    thresholds = (
        "INSERT INTO wall_threshold SELECT 'overdue', id, %s, %s FROM territory WHERE code = %s"
        " ON CONFLICT ON CONSTRAINT wall_threshold_once DO UPDATE SET watch = excluded.watch, act = excluded.act"
    )
    database.execute(thresholds, [1e6, 1e6, region])
    assign(database, [{**SCENES[2], "query": f"territory={region}&theme=light"}, SCENES[1]])
    expect_scene(screen, rf"^/wall\?lang=en&territory={region}")
    # The screen watches the board whose figures it shows now.
    wall = screen.frame_locator("iframe.current")
    overdue = wall.locator(".figure").first
    expect(overdue).to_be_visible()
    expect(overdue).not_to_have_class(re.compile(r"\bact\b"))
    screen.keyboard.press("ArrowRight")
    expect_scene(screen, r"^/overview")
    database.execute(thresholds, [0, 0, region])
    expect_scene(screen, rf"^/wall\?lang=en&territory={region}")
    expect(overdue).to_have_class(re.compile(r"\bact\b"))


def test_a_revoked_screen_goes_dark(screen: Page, database: psycopg.Connection) -> None:
    expect_scene(screen, r"^/wall")
    database.execute("UPDATE device SET revoked_at = now()")
    expect(screen.locator("iframe")).to_have_count(0)
    expect(screen.locator("body")).to_contain_text("link")


def test_a_scene_that_became_an_error_page_is_loaded_again(screen: Page, database: psycopg.Connection) -> None:
    expect_scene(screen, r"^/wall")
    screen.evaluate("() => { document.querySelector('iframe.current').contentDocument.body.replaceChildren(); }")
    expect(screen.frame_locator("iframe.current").locator("#wall")).to_be_visible()
    wait_for(lambda: shown_by_devices(database) == ["/wall?lang=en"], "the report of what it shows")
