"""The live channel tells a browser the newest version of its page, and strangers nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.types import Message

from components.layout.live_channel import CHANNEL_PATH, UNKNOWN_TOKEN_CODE
from otklik.live import channel
from queries.cache.subscriptions import Subscription, open_pages
from tests.support.servers.asgi import HOST, run_in_event_loop
from tests.support.waiting import PATIENCE_SECONDS

OWN_ORIGIN = b"http://" + HOST


class Browser:
    """The browser's end of a websocket to the channel, in an event loop."""

    def __init__(self, token: str, version: int = 0, origin: bytes = OWN_ORIGIN) -> None:
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._received: asyncio.Queue[Message] = asyncio.Queue()
        self._sent.put_nowait({"type": "websocket.connect"})
        scope: dict[str, Any] = {
            "type": "websocket",
            "scheme": "ws",
            "path": CHANNEL_PATH,
            "root_path": "",
            "query_string": urlencode({"token": token, "version": version}).encode(),
            "headers": [(b"host", HOST), (b"origin", origin)],
            "subprotocols": [],
        }
        self.connection: asyncio.Task[None] = asyncio.create_task(
            channel.live_channel_route.app(scope, self._sent.get, self._received.put)  # type: ignore[arg-type]
        )

    async def receive(self) -> Message:
        """The next message of the server."""
        return await asyncio.wait_for(self._received.get(), PATIENCE_SECONDS)

    def has_received(self) -> bool:
        """Whether a message is there that wasn't read yet."""
        return not self._received.empty()

    async def leave(self) -> None:
        """Close the page."""
        self._sent.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.connection, PATIENCE_SECONDS)


def run(steps: Callable[[], Awaitable[None]]) -> None:
    run_in_event_loop(steps)


def test_a_browser_is_told_each_newer_version_and_nothing_while_there_is_none() -> None:
    page = open_pages.subscribe(frozenset({1}))

    async def steps() -> None:
        browser = Browser(page.token)
        assert (await browser.receive())["type"] == "websocket.accept"
        open_pages.wake(frozenset({2}))
        assert not browser.has_received()
        open_pages.wake(frozenset({1}))
        assert (await browser.receive())["text"] == "1"
        await browser.leave()
        assert not browser.has_received()

    run(steps)


def test_changes_between_drawing_and_connecting_are_told_at_once() -> None:
    page = open_pages.subscribe(None)
    page.wake()
    page.wake()

    async def steps() -> None:
        behind, up_to_date = Browser(page.token, version=1), Browser(page.token, version=2)
        await up_to_date.receive()
        await behind.receive()
        assert (await behind.receive())["text"] == "2"
        assert not up_to_date.has_received()
        await behind.leave()
        await up_to_date.leave()

    run(steps)


def test_a_slow_reader_gets_the_newest_version_alone() -> None:
    page = open_pages.subscribe(None)

    async def steps() -> None:
        browser = Browser(page.token)
        await browser.receive()
        for _change in range(1000):
            page.wake()
        assert (await browser.receive())["text"] == "1000"
        assert not browser.has_received()
        await browser.leave()

    run(steps)


def test_an_unknown_token_is_told_so_and_nothing_else() -> None:
    async def steps() -> None:
        browser = Browser("unknown")
        await browser.receive()
        closing = await browser.receive()
        assert (closing["type"], closing["code"]) == ("websocket.close", UNKNOWN_TOKEN_CODE)
        await browser.connection

    run(steps)


def test_pages_of_other_sites_are_refused_even_with_the_token() -> None:
    page = open_pages.subscribe(None)

    async def steps() -> None:
        for origin in (b"https://elsewhere.example.org", b"", b"http://["):
            browser = Browser(page.token, origin=origin)
            assert (await browser.receive())["type"] == "websocket.close"
            await browser.connection

    run(steps)


def test_a_browser_that_comes_again_is_told_in_place_of_the_connection_before() -> None:
    page: Subscription = open_pages.subscribe(None)

    async def steps() -> None:
        first = Browser(page.token)
        await first.receive()
        second = Browser(page.token)
        await second.receive()
        await first.leave()
        page.wake()
        assert (await second.receive())["text"] == "1"
        await second.leave()

    run(steps)
