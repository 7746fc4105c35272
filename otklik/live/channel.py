"""The server's end of the live channel: a websocket for each open page, on which only version numbers are sent.

A websocket rather than server-sent events: a browser keeps at most six of those open to a server, so that a seventh tab
would wait for ever, and a server that stops waits for them, while it closes websockets.

Who connects proves by a token that the guard let their page in. Nothing else is sent, and the page that is rerun asks
the guard again.
"""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.layout.live_channel import CHANNEL_PATH, UNKNOWN_TOKEN_CODE
from otklik import counters
from queries.cache.subscriptions import Subscription, open_pages

MIN_INTERVAL_SECONDS = 1.5
"""Between two messages to a browser: more changes a second than that are seen together."""


async def live_channel(websocket: WebSocket) -> None:
    """Tell a browser the newest version of its subscription whenever that grows, until either side ends it.

    A reader that is slow gets the newest version, never a list of those before. The query of the address has the
    `token` of the subscription and the `version` that the page was drawn from.
    """
    if not is_same_origin(websocket):
        await websocket.close()
        return
    await websocket.accept()
    subscription = open_pages.by_token(websocket.query_params.get("token", ""))
    if subscription is None:
        await websocket.close(UNKNOWN_TOKEN_CODE)
        return
    sender = asyncio.create_task(_send_versions(websocket, subscription))
    try:
        # Browsers send nothing: this waits for the end.
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        sender.cancel()


live_channel_route = WebSocketRoute(CHANNEL_PATH, live_channel)


async def _send_versions(websocket: WebSocket, subscription: Subscription) -> None:
    loop, has_changed = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # While the server stops, the loop may be closed already.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(has_changed.set)

    subscription.on_wake = wake
    sent_version = websocket.query_params.get("version", "")
    # A browser that went away meanwhile is noticed by whoever waits for its end.
    with suppress(WebSocketDisconnect):
        while True:
            if sent_version != (version := str(subscription.version)):
                sent_version = version
                await websocket.send_text(version)
                counters.live_messages.inc()
                await asyncio.sleep(MIN_INTERVAL_SECONDS)
            await has_changed.wait()
            has_changed.clear()


def is_same_origin(websocket: WebSocket) -> bool:
    """Whether a page of this server asks: browsers let any site open a websocket, and name that site truly."""
    try:
        return urlsplit(websocket.headers.get("origin", "")).netloc == websocket.headers.get("host")
    except ValueError:
        return False
