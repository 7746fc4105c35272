"""A screen is told what its device is to play, when that changes, and when a figure crosses "act"; it reports back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from starlette.applications import Starlette
from starlette.types import Message

from components.wall.page import REFUSED_CODE
from components.wall.screen_page import SCREEN_CHANNEL_PATH, screen_build_id
from otklik.database.access import devices, people, playlists, scope
from otklik.database.access.playlists import Playlist, Scene
from otklik.pages import SCREEN_PATH
from otklik.wall import board as board_module
from otklik.wall import reports, routes, screen
from otklik.wall.reports import DeviceReports
from queries import screens
from queries.wall.current_thresholds import current_thresholds
from tests.support import factories
from tests.support.servers.asgi import HOST, Response, run_in_event_loop, send_request
from tests.support.waiting import PATIENCE_SECONDS, wait_for

NOW = datetime.now(UTC)
OWN_ORIGIN = b"http://" + HOST
APP = Starlette(routes=screen.screen_routes)
MOSCOW_AND_UGRA = Playlist(
    "Both", (Scene("regions", "", 30), Scene("wall", "territory=RU-MOW", 30), Scene("wall", "territory=RU-KHM", 20))
)


@pytest.fixture(autouse=True)
def fresh_reports(fresh_boards: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boards and reports that no test before has filled."""
    assert fresh_boards is None
    monkeypatch.setattr(screen, "reports", DeviceReports())
    monkeypatch.setattr(board_module, "PAUSE_PER_BUILD", 0.0)
    monkeypatch.setattr(reports, "MIN_INTERVAL_SECONDS", 0.0)


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Twenty open appeals in Ugra and in Moscow, none of them late; and the demo's people."""
    for region in ("RU-KHM", "RU-MOW"):
        for _ in range(20):
            factories.appeal(
                connection, region=region, received_at=NOW - timedelta(days=2), deadline_at=NOW + timedelta(days=20)
            )
    people.create_demo_people(connection)
    return connection


@pytest.fixture
def cookie(appeals: Connection, monkeypatch: pytest.MonkeyPatch) -> str:
    """That of a device which signs in as a screen that sees everything."""
    monkeypatch.delenv("OTKLIK_DEMO")
    hall = people.save_person_as_owner(appeals, None, {"name": "Hall", "role": "screen", "everywhere": True})
    return "otklik_device=" + devices.enrol_device_as_owner(appeals, hall, "left")


class Browser:
    """A browser's end of the websocket of a screen, in an event loop."""

    def __init__(self, query: str = "lang=en", cookie: str = "", origin: bytes = OWN_ORIGIN) -> None:
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._received: asyncio.Queue[Message] = asyncio.Queue()
        self._sent.put_nowait({"type": "websocket.connect"})
        scope: dict[str, Any] = {
            "type": "websocket",
            "scheme": "ws",
            "path": SCREEN_CHANNEL_PATH,
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", HOST), (b"origin", origin), *([(b"cookie", cookie.encode())] if cookie else [])],
            "subprotocols": [],
            "client": ("127.0.0.1", 5000),
        }
        self.connection = asyncio.create_task(APP(scope, self._sent.get, self._received.put))

    async def message(self, name: str) -> Any:  # noqa: ANN401 -- JSON
        """The value of this name in the next message that has it."""
        while True:
            message = await asyncio.wait_for(self._received.get(), PATIENCE_SECONDS)
            assert message["type"] != "websocket.close", message
            if name in (content := json.loads(message.get("text") or "{}")):
                return content[name]

    async def closing_code(self) -> int:
        while (message := await asyncio.wait_for(self._received.get(), PATIENCE_SECONDS))["type"] != "websocket.close":
            pass
        return int(message["code"])

    def report(self, **values: object) -> None:
        self._sent.put_nowait({"type": "websocket.receive", "text": json.dumps(values)})

    def send_text(self, content: str) -> None:
        self._sent.put_nowait({"type": "websocket.receive", "text": content})

    async def leave(self) -> None:
        self._sent.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.connection, PATIENCE_SECONDS)


def run(steps: Callable[[], Awaitable[None]]) -> None:
    run_in_event_loop(steps)


def get(query: str = "", cookie: str = "") -> Response:
    headers = {b"cookie": cookie.encode()} if cookie else {}
    return run_in_event_loop(lambda: send_request(APP, SCREEN_PATH, query, headers))


def device_id() -> int:
    return int(screens.wall_screens()["id"].iloc[0])


def in_thread(change: Callable[[], object]) -> Awaitable[object]:
    """Change something in the name of the test's viewer, while the event loop goes on."""
    viewer = scope.current_scope()

    def change_as_viewer() -> object:
        with scope.acting_as(viewer):
            return change()

    return asyncio.to_thread(change_as_viewer)


def test_the_page_is_for_those_who_may_see_the_wall(cookie: str) -> None:
    assert get("lang=en").status == 403
    response = get("lang=ru&theme=light", cookie)
    assert response.status == 200
    assert '<html lang="ru" data-theme="light">' in response.body.decode()
    assert response.headers["cache-control"] == "no-store"
    # A browser forgets a cookie after 400 days: it is given again with each load of the page.
    renewed = response.cookies["otklik_device"]
    assert f"otklik_device={renewed.value}" == cookie
    assert int(renewed["max-age"]) == 400 * 24 * 3600
    assert renewed["httponly"]

    async def steps() -> None:
        assert await Browser().closing_code() == REFUSED_CODE
        assert (await Browser(cookie=cookie, origin=b"https://elsewhere.example.org").closing_code()) == 1000

    run(steps)


def test_a_device_plays_the_wall_of_its_territories_until_it_is_assigned_a_playlist(cookie: str) -> None:
    number = playlists.save_playlist(None, None, MOSCOW_AND_UGRA, "new")
    viewer = scope.current_scope()

    async def steps() -> None:
        scope.set_current_scope(viewer)
        browser = Browser("lang=ru&theme=light", cookie)
        first = await browser.message("playlist")
        assert first["scenes"] == [{"url": "/wall?lang=ru&theme=light", "seconds": 60}]
        await in_thread(lambda: devices.assign_playlist(device_id(), number, "mornings"))
        assigned = await browser.message("playlist")
        assert assigned["scenes"] == [
            {"url": "/regions?lang=ru&embed=true&embed_options=light_theme", "seconds": 30},
            {"url": "/wall?lang=ru&theme=light&territory=RU-MOW", "seconds": 30},
            {"url": "/wall?lang=ru&theme=light&territory=RU-KHM", "seconds": 20},
        ]
        seen_at = (await in_thread(screens.all_playlists))["changed_at"].iloc[0]  # type: ignore[index]
        shorter = Playlist("Both", MOSCOW_AND_UGRA.scenes[:1])
        await in_thread(lambda: playlists.save_playlist(number, seen_at, shorter, "shorter"))
        assert [scene["seconds"] for scene in (await browser.message("playlist"))["scenes"]] == [30]
        await browser.leave()

    run(steps)


def test_a_device_is_told_to_load_again_once_and_not_when_it_connects_later(cookie: str) -> None:
    viewer = scope.current_scope()

    async def steps() -> None:
        scope.set_current_scope(viewer)
        browser = Browser(cookie=cookie)
        await browser.message("playlist")
        await in_thread(lambda: devices.reload_device(device_id(), "stuck"))
        assert await browser.message("reload") is True
        await browser.leave()
        again = Browser(cookie=cookie)
        assert "scenes" in await again.message("playlist")
        await in_thread(lambda: devices.reload_device(device_id(), "stuck again"))
        assert await again.message("reload") is True
        await again.leave()

    run(steps)


def test_a_revoked_device_is_shut_out_at_once(cookie: str) -> None:
    viewer = scope.current_scope()

    async def steps() -> None:
        scope.set_current_scope(viewer)
        browser = Browser(cookie=cookie)
        await browser.message("playlist")
        await in_thread(lambda: devices.revoke_device(device_id(), "stolen"))
        assert await browser.closing_code() == REFUSED_CODE
        await browser.connection

    run(steps)


def test_a_figure_that_crosses_act_brings_the_scene_of_its_wall(appeals: Connection, cookie: str) -> None:
    number = playlists.save_playlist(None, None, MOSCOW_AND_UGRA, "new")
    devices.assign_playlist(device_id(), number, "mornings")
    late: dict[str, Any] = {"received_at": NOW - timedelta(days=40), "deadline_at": NOW - timedelta(days=9)}
    for _ in range(10):
        factories.appeal(appeals, region="RU-MOW", **late)

    async def steps() -> None:
        browser = Browser(cookie=cookie)
        await browser.message("playlist")
        # Both walls are followed by then, and Moscow's "act" of before the screen began is no crossing.
        await wait_until(lambda: len([board for board in all_boards() if board.viewers]) == 2)
        for _ in range(10):
            factories.appeal(appeals, region="RU-KHM", **late)
        assert await browser.message("jump") == 2
        await browser.leave()
        await wait_until(lambda: not any(board.viewers for board in all_boards()))

    run(steps)


def test_a_threshold_that_is_lowered_makes_a_figure_cross(appeals: Connection, cookie: str) -> None:
    number = playlists.save_playlist(None, None, MOSCOW_AND_UGRA, "new")
    devices.assign_playlist(device_id(), number, "mornings")
    factories.appeal(
        appeals, region="RU-MOW", received_at=NOW - timedelta(days=40), deadline_at=NOW - timedelta(days=9)
    )
    viewer = scope.current_scope()

    async def steps() -> None:
        scope.set_current_scope(viewer)
        browser = Browser(cookie=cookie)
        await browser.message("playlist")
        await wait_until(lambda: len([board for board in all_boards() if board.viewers]) == 2)
        await in_thread(lambda: screens.save_threshold("overdue", "RU-MOW", (0.0, 0.01), "a strict city"))
        assert await browser.message("jump") == 1
        await browser.leave()

    run(steps)
    wait_for(lambda: current_thresholds().of("overdue", ("RU-MOW",)).act == 0.01, "the threshold")


def test_what_a_device_shows_is_written_down_whatever_it_sends(appeals: Connection, cookie: str) -> None:
    viewer = scope.current_scope()

    async def steps() -> None:
        scope.set_current_scope(viewer)
        browser = Browser(cookie=cookie)
        await browser.message("playlist")
        for hostile in ("{", "[]", '{"shows": 1}', '{"shows": "x", "build": "y", "refreshed": 1e300}', "x" * 5000):
            browser.send_text(hostile)
        browser.report(shows="\0\ud800/wall", build=screen_build_id(), refreshed=NOW.timestamp() * 1000)

        async def shown() -> tuple[str, str]:
            rows = await in_thread(screens.wall_screens)
            return str(rows["shows"].iloc[0]), str(rows["build"].iloc[0])  # type: ignore[index]

        async with asyncio.timeout(20):
            while not (await shown())[0].endswith("/wall"):  # noqa: ASYNC110 -- of the database's state
                await asyncio.sleep(0)
        assert (await shown())[1] == screen_build_id()
        await browser.leave()

    run(steps)
    row = appeals.execute(text("SELECT connected_at, seen_at, refreshed_at FROM device_report")).one()
    assert row.connected_at <= row.seen_at
    assert abs(row.refreshed_at - NOW) < timedelta(milliseconds=2)


def all_boards() -> list[board_module.Board]:
    return list(routes.boards._boards.values())  # noqa: SLF001


async def wait_until(condition: Callable[[], bool]) -> None:
    """Let the loop go on until a condition holds, for twenty seconds at most."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 -- of the code's own state, which no event tells
            await asyncio.sleep(0.01)
