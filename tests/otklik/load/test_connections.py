"""A viewer keeps the cookies of a site as a browser does."""

import asyncio

from otklik.load.connections import Site
from tests.support.servers.asgi import run_in_event_loop

HEAD = b"HTTP/1.0 200 OK\r\nSet-Cookie: place=left; Path=/; HttpOnly\r\nset-cookie: xsrf=2|ab|c; Path=/\r\n\r\n"


def test_a_cookie_that_is_set_replaces_the_one_before_and_the_others_stay() -> None:
    requests: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(HEAD + b"page")
        writer.close()

    async def visit_twice() -> tuple[Site, bytes]:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            site, _body = await Site(f"http://127.0.0.1:{port}", "place=right; device=9").visit("/")
            return await site.visit("/again")

    site, body = run_in_event_loop(visit_twice)
    assert body == b"page"
    assert set(site.cookies.split("; ")) == {"place=left", "device=9", "xsrf=2|ab|c"}
    assert b"Cookie: place=left; device=9; xsrf=2|ab|c\r\n" in requests[1]
