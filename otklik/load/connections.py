"""What a browser does with a site: it keeps cookies, asks for pages, and opens websockets from them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.parser import BytesHeaderParser
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

TIMEOUT_SECONDS = 60.0
OK_STATUS = 200


class UnexpectedAnswer(Exception):
    """The server answered with something that no viewer should get; the message is its kind."""


@dataclass(frozen=True)
class Site:
    """A running Otklik: its address, such as `http://127.0.0.1:8501`, and the Cookie header of its viewers."""

    url: str
    cookies: str = ""

    async def visit(self, path: str) -> "tuple[Site, bytes]":
        """Open a page: the site with the cookies that the answer set besides, and the body.

        Raises UnexpectedAnswer for any status but 200, OSError, TimeoutError.
        """
        parts = urlsplit(self.url)
        encryption = ssl.create_default_context() if parts.scheme == "https" else None
        port = parts.port or (443 if encryption else 80)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=encryption)
            try:
                cookies = f"Cookie: {self.cookies}\r\n" if self.cookies else ""
                request = f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: text/html\r\n{cookies}\r\n"
                writer.write(request.encode())
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            finally:
                writer.close()
        status = int(head.split()[1]) if head else 0
        if status != OK_STATUS:
            raise UnexpectedAnswer(f"status {status}")
        kept_cookies: SimpleCookie = SimpleCookie(self.cookies)
        kept_cookies.update(_set_cookies(head))
        return replace(
            self, cookies="; ".join(f"{name}={kept.coded_value}" for name, kept in kept_cookies.items())
        ), body

    @asynccontextmanager
    async def websocket(self, path: str, *protocols: str) -> AsyncIterator[ClientConnection]:
        """A websocket, opened as a page of the site does. Raises OSError, TimeoutError, WebSocketException."""
        async with connect(
            self.url.replace("http", "ws", 1) + path,
            origin=Origin(self.url),
            subprotocols=[Subprotocol(protocol) for protocol in protocols] or None,
            additional_headers={"Cookie": self.cookies} if self.cookies else None,
            open_timeout=TIMEOUT_SECONDS,
            max_size=None,
            compression=None,
        ) as socket:
            yield socket


def _set_cookies(head: bytes) -> SimpleCookie:
    """The cookies that an answer sets."""
    headers = BytesHeaderParser().parsebytes(head.partition(b"\r\n")[2])
    cookies: SimpleCookie = SimpleCookie()
    for header in headers.get_all("set-cookie", []):
        cookies.load(header)
    return cookies
