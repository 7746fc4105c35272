"""The wall's two routes: the page, and the websocket that keeps it up to date."""

import asyncio
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.auth.sign_in import SignInState
from components.wall.page import CHANNEL_PATH, REFUSED_CODE, WALL_PATH, WallHead, refusal_page, wall_page
from otklik.access.identity import Identity
from otklik.access.request_identity import Credentials, credentials_of
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.i18n import set_language
from otklik.live.channel import is_same_origin
from otklik.wall.address import parse_address
from otklik.wall.admissions import Admissions, may_see_wall
from otklik.wall.board import Board, Viewer
from otklik.wall.boards import Boards, TooManyBoards
from otklik.wall.changes import wait_for_refusal
from otklik.wall.frame import milliseconds

SEND_SECONDS = 30.0
"""A screen that takes in nothing for so long is given up: it connects again if it still is there."""
TRY_AGAIN_CODE = 1013
FORBIDDEN_STATUS, UNAVAILABLE_STATUS = 403, 503

boards = Boards()
admissions = Admissions()


async def wall(request: Request) -> Response:
    """The page with the newest figures, or the reason why the visitor may not see them."""
    address = parse_address(request.query_params, request.headers.get("accept-language", ""))
    set_language(address.language)
    identity = await admissions.identity(credentials_of(request))
    if identity.person is None or not may_see_wall(identity):
        return refusal(identity.state)
    try:
        board = boards.board(address, identity.person)
        frame = await board.current_frame(identity.person)
    except (DatabaseUnavailable, QueryTimeout, ScopeChanged, TooManyBoards):
        return refusal(SignInState.DATABASE_AWAY)
    known_until = milliseconds(board.known_until(frame))
    head = WallHead(
        frame.title, frame.filters, frame.timezone, address.theme, frame.version, known_until, address.scene
    )
    return html_response(wall_page(head, frame.sections))


async def wall_channel(websocket: WebSocket) -> None:
    """Send a screen the newest frame whenever it differs from what it shows, and beats, until either side ends it.

    The query is that of the page, with the `version` that it shows.
    """
    if not is_same_origin(websocket):
        await websocket.close()
        return
    await websocket.accept()
    credentials = credentials_of(websocket)
    identity = await admissions.identity(credentials)
    if identity.person is None or not may_see_wall(identity):
        is_away = identity.state is SignInState.DATABASE_AWAY
        await websocket.close(TRY_AGAIN_CODE if is_away else REFUSED_CODE)
        return
    viewer = Viewer(identity.person, websocket.query_params.get("version", ""))
    try:
        address = parse_address(websocket.query_params, websocket.headers.get("accept-language", ""))
        board = boards.board(address, identity.person)
        await board.current_frame(identity.person)
    except (DatabaseUnavailable, QueryTimeout, ScopeChanged, TooManyBoards):
        await websocket.close(TRY_AGAIN_CODE)
        return
    board.join(viewer)
    tasks = [
        asyncio.create_task(_send(websocket, board, viewer)),
        asyncio.create_task(_close_when_refused(websocket, credentials, identity)),
        asyncio.create_task(_wait_for_end(websocket)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        board.leave(viewer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


wall_routes = [Route(WALL_PATH, wall), WebSocketRoute(CHANNEL_PATH, wall_channel)]


async def _send(websocket: WebSocket, board: Board, viewer: Viewer) -> None:
    with suppress(WebSocketDisconnect, TimeoutError):
        while True:
            await viewer.has_news.wait()
            viewer.has_news.clear()
            beat, viewer.beat = viewer.beat, None
            if board.frame and board.frame.version != viewer.sent_version:
                viewer.sent_version, beat = board.frame.version, board.message
            if beat is not None:
                async with asyncio.timeout(SEND_SECONDS):
                    await websocket.send_bytes(beat)


async def _close_when_refused(websocket: WebSocket, credentials: Credentials, identity: Identity) -> None:
    await wait_for_refusal(admissions, credentials, identity)
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.close(REFUSED_CODE)


async def _wait_for_end(websocket: WebSocket) -> None:
    """Return when the screen has gone: screens send nothing."""
    with suppress(WebSocketDisconnect, RuntimeError):
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass


def refusal(state: SignInState) -> HTMLResponse:
    """The page for a visitor who isn't let in, in the current language."""
    status = UNAVAILABLE_STATUS if state is SignInState.DATABASE_AWAY else FORBIDDEN_STATUS
    return html_response(refusal_page(state), status)


def html_response(html: str, status: int = 200) -> HTMLResponse:
    """A page that no browser keeps."""
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})
