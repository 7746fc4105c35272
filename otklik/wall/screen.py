"""The two routes of a screen that plays a playlist: the page, and the websocket that tells it what to play."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.auth.sign_in import DEVICE_COOKIE, DEVICE_COOKIE_SECONDS, SignInState
from components.text.escape import clean_line
from components.wall.page import BEAT_SECONDS, REFUSED_CODE
from components.wall.screen_page import SCREEN_CHANNEL_PATH, screen_build_id, screen_page
from otklik.access.identity import Identity
from otklik.access.request_identity import Credentials, credentials_of
from otklik.database.access.people import Person
from otklik.database.announcements import SCREENS_ANNOUNCEMENT
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.i18n import set_language
from otklik.live.channel import is_same_origin
from otklik.pages import SCREEN_PATH
from otklik.wall import routes
from otklik.wall.address import parse_address
from otklik.wall.admissions import may_see_wall
from otklik.wall.changes import Changes, wait_for_refusal
from otklik.wall.crossings import CrossingWatch
from otklik.wall.reports import DeviceReports
from otklik.wall.screen_assignments import ScreenAssignment, playlist_message, read_assignment

RETRY_SECONDS = 2.0
"""After the database was away."""
MAX_MESSAGE_LENGTH = 2000

reports = DeviceReports()


async def screen(request: Request) -> Response:
    """The page that plays; what it plays, its websocket says."""
    address = parse_address(request.query_params, request.headers.get("accept-language", ""))
    set_language(address.language)
    identity = await routes.admissions.identity(credentials_of(request))
    if identity.person is None or not may_see_wall(identity):
        return routes.refusal(identity.state)
    response = routes.html_response(screen_page(address.theme))
    if identity.by_device:
        token = request.cookies[DEVICE_COOKIE]
        response.set_cookie(DEVICE_COOKIE, token, max_age=DEVICE_COOKIE_SECONDS, httponly=True, samesite="strict")
    return response


async def screen_channel(websocket: WebSocket) -> None:
    """Tell a screen what to play, whenever that changes, and when to jump or to load again; take in what it shows."""
    if not is_same_origin(websocket):
        await websocket.close()
        return
    await websocket.accept()
    credentials = credentials_of(websocket)
    identity = await routes.admissions.identity(credentials)
    if identity.person is None or not may_see_wall(identity):
        is_away = identity.state is SignInState.DATABASE_AWAY
        await websocket.close(routes.TRY_AGAIN_CODE if is_away else REFUSED_CODE)
        return
    player = Player(websocket, credentials, identity, identity.person)
    tasks = [asyncio.create_task(step) for step in (player.play(), player.beat(), player.take_in(), player.end())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        reports.disconnect(player)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


screen_routes = [Route(SCREEN_PATH, screen), WebSocketRoute(SCREEN_CHANNEL_PATH, screen_channel)]


class Player:
    """The server's end of a screen's websocket."""

    def __init__(self, websocket: WebSocket, credentials: Credentials, identity: Identity, person: Person) -> None:
        """Send nothing yet."""
        self._websocket, self._credentials = websocket, credentials
        self._identity, self._person = identity, person
        language = parse_address(websocket.query_params, websocket.headers.get("accept-language", "")).language
        self._params = {**websocket.query_params, "lang": language}
        self._sending = asyncio.Lock()

    async def play(self) -> None:
        """Send what to play and when to load again; returns once the device is revoked."""
        changes = Changes(SCREENS_ANNOUNCEMENT)
        current: ScreenAssignment | None = None
        watching: asyncio.Task[None] | None = None
        try:
            while True:
                try:
                    assignment = await self._assignment()
                except (DatabaseUnavailable, QueryTimeout, ScopeChanged):
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if assignment is None:
                    await self._refuse()
                    return
                if current is None and assignment.device_id is not None:
                    reports.connect(self, assignment.device_id)
                if current is not None and assignment.reload_asked_at != current.reload_asked_at:
                    await self._send({"reload": True})
                if current is None or assignment.playlist != current.playlist:
                    await self._send(playlist_message(assignment.playlist, self._params))
                    if watching:
                        watching.cancel()
                    watching = asyncio.create_task(self._watch_crossings(assignment))
                current = assignment
                await changes.wait()
        finally:
            if watching:
                watching.cancel()

    async def _assignment(self) -> ScreenAssignment | None:
        return await read_assignment(
            self._credentials, self._person, by_device=self._identity.by_device, query_params=self._params
        )

    async def _watch_crossings(self, assignment: ScreenAssignment) -> None:
        crossed: asyncio.Queue[int] = asyncio.Queue()
        watch = CrossingWatch(routes.boards, self._person, assignment.playlist, self._params)
        watching = asyncio.create_task(watch.run(crossed.put_nowait))
        try:
            while True:
                await self._send({"jump": await crossed.get()})
        finally:
            watching.cancel()

    async def beat(self) -> None:
        """Tell the screen that it is connected, until cancelled."""
        while True:
            await self._send({})
            await asyncio.sleep(BEAT_SECONDS)

    async def take_in(self) -> None:
        """Note what the screen says that it shows; returns when it has gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while (message := await self._websocket.receive())["type"] != "websocket.disconnect":
                text = message.get("text") or ""
                with suppress(ValueError, TypeError, KeyError, OverflowError, OSError):
                    if len(text) <= MAX_MESSAGE_LENGTH:
                        self._note(json.loads(text))

    def _note(self, message: dict[str, object]) -> None:
        refreshed_at = datetime.fromtimestamp(float(str(message["refreshed"])) / 1000, UTC)
        # A device has what it sends in its own hands: no half of a letter gets into the database.
        shows, build = (
            clean_line(str(message[name]).encode("utf-8", "replace").decode()) for name in ("shows", "build")
        )
        reports.note(self, shows=shows, build=build, refreshed_at=refreshed_at)

    async def end(self) -> None:
        """Close the websocket once its person is no longer let in."""
        await wait_for_refusal(routes.admissions, self._credentials, self._identity)
        await self._refuse()

    async def _refuse(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._websocket.close(REFUSED_CODE)

    async def _send(self, message: dict[str, object]) -> None:
        moment = {"now": round(time.time() * 1000), "build": screen_build_id()}
        async with self._sending, asyncio.timeout(routes.SEND_SECONDS):
            await self._websocket.send_text(json.dumps(message | moment, ensure_ascii=False))
