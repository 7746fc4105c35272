"""Requests to an ASGI application without a server."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

T = TypeVar("T")
HOST = b"127.0.0.1:8501"


class Response:
    """Status, headers, cookies and body of a response."""

    def __init__(self, messages: list[Message]) -> None:
        start, *body = messages
        self.status: int = start["status"]
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        self.cookies: SimpleCookie = SimpleCookie()
        for name, value in start["headers"]:
            if name == b"set-cookie":
                self.cookies.load(value.decode("latin-1"))
        self.body = b"".join(message.get("body", b"") for message in body)


async def send_request(  # noqa: PLR0913 -- what a request is made of
    app: ASGIApp,
    path: str,
    query: str = "",
    headers: dict[bytes, bytes] | None = None,
    method: str = "GET",
    *,
    body: bytes = b"",
    client: str = "127.0.0.1",
) -> Response:
    """The response to a request; `path` as in an address, percent signs included. Raises what the application does."""
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": list({b"host": HOST, **(headers or {})}.items()),
        "client": (client, 5000),
        "server": ("127.0.0.1", 8501),
    }
    messages: list[Message] = []
    unread_messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        # The client stays until it has the response.
        return unread_messages.pop() if unread_messages else await asyncio.Future()

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return Response(messages)


def run_in_event_loop(make_result: Callable[[], Awaitable[T]]) -> T:
    """The result of a coroutine, in a thread of its own: browser tests leave an event loop running in this one."""

    async def run() -> T:
        return await make_result()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()
