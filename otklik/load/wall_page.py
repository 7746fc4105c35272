"""A viewer of the wall as its browser would be: the page with its figures, and the websocket that updates it."""

import re

from components.wall.page import CHANNEL_PATH, WALL_PATH
from otklik.load.connections import Site, UnexpectedAnswer
from otklik.load.viewer import OnPaint

RECEIVED_PATTERN = re.compile(rb'data-received=\\?"(\d+)')
VERSION_PATTERN = re.compile(rb'"version": ?"([\w-]+)"')


async def watch_wall(site: Site, query: str, on_paint: OnPaint) -> None:
    """Open the wall and keep it up to date until cancelled, calling `on_paint` with each picture."""
    site, page = await site.visit(f"{WALL_PATH}?{query}")
    version = VERSION_PATTERN.search(page)
    if version is None:
        raise UnexpectedAnswer("no figures on the wall")
    on_paint(received_count(page), len(page))
    async with site.websocket(f"{CHANNEL_PATH}?{query}&version={version[1].decode()}") as channel:
        async for message in channel:
            data = message if isinstance(message, bytes) else message.encode()
            # A beat says only up to when all is known.
            if b'"sections"' in data:
                on_paint(received_count(data), len(data))
    raise UnexpectedAnswer("the server ended the page")


def received_count(data: bytes) -> int | None:
    """The number of appeals received today that a page or a message of the wall shows; None where it shows none."""
    count = RECEIVED_PATTERN.search(data)
    return int(count[1]) if count else None
