"""Scenes of a playlist whose figures cross "act": found out from the boards that draw their walls."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from otklik.database.access.people import Person
from otklik.database.access.playlists import WALL_SCENE, Playlist
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.wall.address import parse_address
from otklik.wall.board import Board, Viewer
from otklik.wall.boards import Boards, TooManyBoards
from otklik.wall.screen_assignments import scene_params

RETRY_SECONDS = 5.0

OnCrossing = Callable[[int], None]
"""Called with the position of the scene whose wall shows a figure that has just crossed "act"."""


class CrossingWatch:
    """Watches the walls among the scenes of a playlist in a person's name, until it is closed."""

    def __init__(self, boards: Boards, person: Person, playlist: Playlist, screen_params: Mapping[str, str]) -> None:
        """Watch nothing yet. `screen_params`: the query of the screen's address."""
        self._boards, self._person = boards, person
        self._addresses = {
            number: parse_address(scene_params(scene, screen_params), "")
            for number, scene in enumerate(playlist.scenes)
            if scene.page == WALL_SCENE and playlist.is_jumping and len(playlist.scenes) > 1
        }

    async def run(self, on_crossing: OnCrossing) -> None:
        """Call back at each crossing, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for number in self._addresses:
                tasks.create_task(self._watch(number, on_crossing))

    async def _watch(self, number: int, on_crossing: OnCrossing) -> None:
        while True:
            with suppress(DatabaseUnavailable, QueryTimeout, ScopeChanged, TooManyBoards):
                await self._follow(self._boards.board(self._addresses[number], self._person), number, on_crossing)
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, board: Board, number: int, on_crossing: OnCrossing) -> None:
        frame = await board.current_frame(self._person)
        # What is over the line when the screen begins has its turn like the others.
        known = frame.figures_to_act
        viewer = Viewer(self._person, frame.version)
        board.join(viewer)
        try:
            while True:
                await viewer.has_news.wait()
                viewer.has_news.clear()
                if board.frame is None:
                    continue
                if board.frame.figures_to_act - known:
                    on_crossing(number)
                known = board.frame.figures_to_act
        finally:
            board.leave(viewer)
