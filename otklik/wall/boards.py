"""All boards of this process: one for each scope, filters and language that screens show."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from components.wall.page import BEAT_SECONDS
from otklik.database.access.people import Person
from otklik.wall.address import WallAddress
from otklik.wall.board import Board
from otklik.wall.frame import build_frame

MAX_BOARDS = 300
"""Boards nobody looks at are dropped beyond that, those used longest ago first."""
MAX_CONCURRENT_BUILDS = 2


class TooManyBoards(Exception):
    """More different walls are open than this process keeps."""


class Boards:
    """Finds the board of an address and a person, and has all boards beat."""

    def __init__(self) -> None:
        """Start without boards."""
        self._boards: OrderedDict[Hashable, Board] = OrderedDict()
        self._executor = ThreadPoolExecutor(MAX_CONCURRENT_BUILDS, "otklik wall")
        self._beating: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many boards are kept, their screens connected or not."""
        return len(self._boards)

    def screen_count(self) -> int:
        """How many screens are connected to all boards."""
        return sum(len(board.viewers) for board in list(self._boards.values()))

    def board(self, address: WallAddress, person: Person) -> Board:
        """The board that this person sees at this address, shared with all who see the same. Raises TooManyBoards."""
        key = (person.scope.cache_key(), address.codes, address.language)
        board = self._boards.get(key)
        if board is None:
            self._make_room()
            board = self._boards[key] = Board(partial(build_frame, address), self._executor)
        self._boards.move_to_end(key)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat())
        return board

    def _make_room(self) -> None:
        unused_keys = [key for key, board in self._boards.items() if not board.viewers]
        for key in unused_keys[: max(len(self._boards) - MAX_BOARDS + 1, 0)]:
            del self._boards[key]
        if len(self._boards) >= MAX_BOARDS:
            raise TooManyBoards

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for board in list(self._boards.values()):
                board.send_beat()
