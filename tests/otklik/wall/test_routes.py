"""The wall is for those alone who may see the overview, shows what they may see, and follows the data."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from starlette.applications import Starlette
from starlette.types import Message

from components.wall.page import CHANNEL_PATH, REFUSED_CODE, WALL_PATH
from otklik.database.access import devices, people
from otklik.wall import routes
from queries import live_page
from tests.support import factories
from tests.support.servers.asgi import HOST, Response, run_in_event_loop, send_request
from tests.support.waiting import PATIENCE_SECONDS

NOW = datetime.now(UTC)
OWN_ORIGIN = b"http://" + HOST
APP = Starlette(routes=routes.wall_routes)

pytestmark = pytest.mark.usefixtures("fresh_boards")


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Two appeals overdue in Ugra and three in Moscow."""
    for region, count in (("RU-KHM", 2), ("RU-MOW", 3)):
        for _ in range(count):
            factories.appeal(
                connection, region=region, received_at=NOW - timedelta(days=40), deadline_at=NOW - timedelta(days=3)
            )
    people.create_demo_people(connection)
    return connection


class Screen:
    """A screen's end of the wall's websocket, in an event loop."""

    def __init__(self, query: str = "", origin: bytes = OWN_ORIGIN, cookie: str = "") -> None:
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._received: asyncio.Queue[Message] = asyncio.Queue()
        self._sent.put_nowait({"type": "websocket.connect"})
        headers = [(b"host", HOST), (b"origin", origin), *([(b"cookie", cookie.encode())] if cookie else [])]
        scope: dict[str, Any] = {
            "type": "websocket",
            "scheme": "ws",
            "path": CHANNEL_PATH,
            "root_path": "",
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
            "client": ("127.0.0.1", 5000),
        }
        self.connection = asyncio.create_task(APP(scope, self._sent.get, self._received.put))

    async def receive(self) -> Message:
        return await asyncio.wait_for(self._received.get(), PATIENCE_SECONDS)

    async def frame(self) -> dict[str, Any]:
        """The next frame: its version and sections."""
        while "bytes" not in (message := await self.receive()) or b'"sections"' not in message["bytes"]:
            assert message["type"] != "websocket.close", message
        frame: dict[str, Any] = json.loads(message["bytes"])
        return frame

    async def next_number(self, *, after: str = "") -> str:
        """The number of the first figure in the next frame that has another one.

        There are other frames with the same one: with each minute something else on the wall may change.
        """
        while (number := first_number((await self.frame())["sections"]["figures"])) == after:
            pass
        return number

    async def closing_code(self) -> int:
        while (message := await self.receive())["type"] != "websocket.close":
            pass
        return int(message["code"])

    async def leave(self) -> None:
        self._sent.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.connection, PATIENCE_SECONDS)


def get(query: str = "", cookie: str = "") -> Response:
    headers = {b"cookie": cookie.encode()} if cookie else {}
    return run_in_event_loop(lambda: send_request(APP, WALL_PATH, query, headers))


def first_number(html: str) -> str:
    """The number of the first figure, which is what is overdue."""
    return html.partition('class="number"')[2].partition(">")[2].partition("<")[0]


@pytest.mark.usefixtures("appeals")
def test_the_page_has_the_figures_in_it() -> None:
    response = get("lang=ru&theme=light")
    html = response.body.decode()
    assert (response.status, first_number(html)) == (200, "5")
    assert '<html lang="ru" data-theme="light">' in html
    assert "Просрочено" in html
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("appeals")
def test_a_page_opened_later_says_that_all_is_known_up_to_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock goes by that: a frame of some minutes ago would set it back until the next beat."""
    later = NOW + timedelta(minutes=3)

    async def steps() -> bytes:
        await send_request(APP, WALL_PATH, "lang=en")
        monkeypatch.setattr(live_page, "as_of", lambda: later)
        return (await send_request(APP, WALL_PATH, "lang=en")).body

    assert f'"at": {round(later.timestamp() * 1000)}'.encode() in run_in_event_loop(steps)


@pytest.mark.usefixtures("appeals")
def test_filters_of_the_address_narrow_it_and_unknown_ones_are_named() -> None:
    html = get("lang=en&territory=RU-MOW&topic=<b>").body.decode()
    assert first_number(html) == "3"
    assert "Not known here, and ignored: topic=&lt;b&gt;" in html
    assert "<b>" not in html


@pytest.mark.usefixtures("appeals")
def test_a_person_sees_their_own_territories_alone() -> None:
    assert first_number(get("as=manager").body.decode()) == "2"
    assert first_number(get("as=manager&territory=RU-MOW").body.decode()) == "2"


@pytest.mark.usefixtures("appeals")
def test_without_a_sign_in_there_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTKLIK_DEMO")
    response = get("lang=en")
    assert response.status == 403
    assert b'class="number"' not in response.body
    assert b"Nobody can sign in here yet" in response.body

    async def steps() -> None:
        screen = Screen()
        assert await screen.closing_code() == REFUSED_CODE
        await screen.connection

    run_in_event_loop(steps)


def test_a_wall_screen_is_let_in_by_its_device_until_that_is_revoked(
    appeals: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OTKLIK_DEMO")
    fields = {"email": None, "name": "Hall", "role": "screen", "everywhere": False, "territories": ["RU-KHM"]}
    screen_id = people.save_person_as_owner(appeals, None, fields)
    cookie = "otklik_device=" + devices.enrol_device_as_owner(appeals, screen_id, "left")
    assert first_number(get(cookie=cookie).body.decode()) == "2"
    assert get(cookie="otklik_device=" + "x" * 43).status == 403

    async def steps() -> None:
        screen = Screen(cookie=cookie)
        assert await screen.next_number() == "2"
        appeals.execute(text("UPDATE device SET revoked_at = now()"))
        assert await screen.closing_code() == REFUSED_CODE
        await screen.connection

    run_in_event_loop(steps)


def test_a_person_who_is_disabled_is_shut_out_at_once(appeals: Connection) -> None:
    async def steps() -> None:
        screen = Screen("as=official")
        await screen.frame()
        appeals.execute(text("UPDATE person SET is_active = false WHERE subject = 'official'"))
        assert await screen.closing_code() == REFUSED_CODE
        await screen.connection

    try:
        run_in_event_loop(steps)
    finally:
        appeals.execute(text("UPDATE person SET is_active = true WHERE subject = 'official'"))


def test_a_change_is_on_the_screen_and_one_of_another_region_is_not(appeals: Connection) -> None:
    async def steps() -> None:
        moscow, country = Screen("territory=RU-MOW"), Screen()
        assert await moscow.next_number() == "3"
        assert await country.next_number() == "5"
        late: dict[str, Any] = {"received_at": NOW - timedelta(days=40), "deadline_at": NOW - timedelta(days=3)}
        factories.appeal(appeals, region="RU-KHM", **late)
        assert await country.next_number(after="5") == "6"
        factories.appeal(appeals, region="RU-MOW", **late)
        assert await moscow.next_number(after="3") == "4"
        await moscow.leave()
        await country.leave()

    run_in_event_loop(steps)


def test_a_screen_that_shows_the_newest_frame_is_sent_none(appeals: Connection) -> None:
    async def steps() -> None:
        version = json.loads(
            (await send_request(APP, WALL_PATH, "lang=en"))
            .body.decode()
            .partition('id="settings">')[2]
            .partition("</script>")[0]
        )["version"]
        screen = Screen(f"lang=en&version={version}")
        await screen.receive()
        factories.appeal(appeals, region="RU-KHM", received_at=NOW, deadline_at=NOW - timedelta(minutes=1))
        while first_number((frame := await screen.frame())["sections"]["figures"]) != "6":
            # One for another reason, such as a minute that is over, has another version.
            assert frame["version"] != version
        await screen.leave()

    run_in_event_loop(steps)


def test_pages_of_other_sites_are_refused() -> None:
    async def steps() -> None:
        screen = Screen(origin=b"https://elsewhere.example.org")
        assert (await screen.receive())["type"] == "websocket.close"
        await screen.connection

    run_in_event_loop(steps)
