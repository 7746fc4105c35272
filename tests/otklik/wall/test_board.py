"""A board is built once for each change and scope, however many look at it, and only while somebody does."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from otklik.database.access.people import Person
from otklik.database.access.scope import Scope
from otklik.errors import DatabaseUnavailable
from otklik.wall import board as board_module
from otklik.wall import routes
from otklik.wall.board import Board, Viewer
from otklik.wall.frame import Frame
from queries import live_page
from queries.cache.subscriptions import open_pages
from tests.support.servers.asgi import run_in_event_loop

PERSON = Person(1, "Anna", "staff", None, is_active=True, scope=Scope(1, everywhere=True))
MOSCOW, UGRA = frozenset({1}), frozenset({2})
AS_OF = datetime(2026, 3, 17, 12, tzinfo=UTC)


class Source:
    """What a board is built from: counts its builds, and has another figure in each unless it `stays`."""

    def __init__(self, region_ids: frozenset[int] | None = None) -> None:
        self.region_ids = region_ids
        self.builds = 0
        self.is_away = False

    def build(self, _person: Person) -> Frame:
        if self.is_away:
            raise DatabaseUnavailable("away")
        self.builds += 1
        version = f"version {self.builds}"
        return Frame(version, {"figures": version}, AS_OF, "All", "", "UTC", self.region_ids)


class Screen:
    """A websocket's end that takes in nothing until it is released."""

    def __init__(self) -> None:
        self.may_take_in = asyncio.Event()
        self.messages: list[bytes] = []

    async def send_bytes(self, message: bytes) -> None:
        await self.may_take_in.wait()
        self.messages.append(message)


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "MIN_INTERVAL_SECONDS", 0.0)
    monkeypatch.setattr(board_module, "PAUSE_PER_BUILD", 0.0)
    monkeypatch.setattr(board_module, "RETRY_SECONDS", (0.0, 0.0))


def run(source: Source, steps: Callable[[Board], Awaitable[None]]) -> None:
    async def with_board() -> None:
        with ThreadPoolExecutor(2) as executor:
            board = Board(source.build, executor)
            await steps(board)
            for viewer in list(board.viewers):
                board.leave(viewer)

    run_in_event_loop(with_board)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop go on until a condition holds, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 -- of the code's own state, which no event tells
            await asyncio.sleep(0)


async def joined_viewers(board: Board, count: int) -> list[Viewer]:
    frame = await board.current_frame(PERSON)
    viewers = [Viewer(PERSON, frame.version) for _ in range(count)]
    for viewer in viewers:
        board.join(viewer)
        viewer.has_news.clear()
    return viewers


def test_fifty_who_ask_at_once_wait_for_one_build() -> None:
    source = Source()

    async def steps(board: Board) -> None:
        frames = await asyncio.gather(*(board.current_frame(PERSON) for _ in range(50)))
        assert {frame.version for frame in frames} == {"version 1"}
        assert source.builds == 1

    run(source, steps)


def test_a_change_is_built_once_for_fifty_viewers_who_get_the_same_bytes() -> None:
    source = Source(MOSCOW)

    async def steps(board: Board) -> None:
        viewers = await joined_viewers(board, 50)
        screens = [Screen() for _ in viewers]
        senders = []
        for screen, viewer in zip(screens, viewers, strict=True):
            screen.may_take_in.set()
            senders.append(asyncio.create_task(routes._send(screen, board, viewer)))  # type: ignore[arg-type]  # noqa: SLF001
        open_pages.wake(MOSCOW)
        await until(lambda: all(screen.messages for screen in screens))
        assert source.builds == 2
        assert {id(message) for screen in screens for message in screen.messages} == {id(board.message)}
        for sender in senders:
            sender.cancel()

    run(source, steps)


def test_a_change_elsewhere_wakes_nobody() -> None:
    source = Source(MOSCOW)

    async def steps(board: Board) -> None:
        viewers = await joined_viewers(board, 50)
        open_pages.wake(UGRA)
        # The next one that concerns the board is there: the one before it would have been too.
        open_pages.wake(MOSCOW)
        await until(lambda: all(viewer.has_news.is_set() for viewer in viewers))
        assert source.builds == 2

    run(source, steps)


def test_a_change_while_building_is_built_again() -> None:
    source = Source(MOSCOW)
    build = source.build

    def build_with_change(person: Person) -> Frame:
        if source.builds == 0:
            open_pages.wake(MOSCOW)
        return build(person)

    source.build = build_with_change  # type: ignore[method-assign, assignment]

    async def steps(board: Board) -> None:
        await joined_viewers(board, 1)
        await until(lambda: source.builds == 2)

    run(source, steps)


def test_without_a_viewer_nothing_is_built_until_somebody_asks() -> None:
    source = Source()

    async def steps(board: Board) -> None:
        (viewer,) = await joined_viewers(board, 1)
        board.leave(viewer)
        for _ in range(20):
            open_pages.wake(None)
            await asyncio.sleep(0)
        assert source.builds == 1
        assert (await board.current_frame(PERSON)).version == "version 2"

    run(source, steps)


def test_a_slow_reader_gets_the_newest_frame_and_none_of_those_before() -> None:
    source = Source()

    async def steps(board: Board) -> None:
        await board.current_frame(PERSON)
        viewer, screen = Viewer(PERSON), Screen()
        board.join(viewer)
        sender = asyncio.create_task(routes._send(screen, board, viewer))  # type: ignore[arg-type]  # noqa: SLF001
        await until(lambda: bool(viewer.sent_version))
        for builds in range(2, 30):
            open_pages.wake(None)
            await until(lambda builds=builds: source.builds >= builds)  # type: ignore[misc]
            board.send_beat()
        screen.may_take_in.set()
        await until(lambda: viewer.sent_version == board.frame.version and len(screen.messages) > 1)  # type: ignore[union-attr]
        assert len(screen.messages) == 2
        assert screen.messages[-1] is board.message
        sender.cancel()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_page, "as_of", lambda: AS_OF)
        run(source, steps)


def test_while_building_fails_the_last_frame_stays_and_beats_say_how_old_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    monkeypatch.setattr(live_page, "as_of", lambda: AS_OF + timedelta(hours=1))

    async def steps(board: Board) -> None:
        (viewer,) = await joined_viewers(board, 1)
        board.send_beat()
        assert viewer.beat is not None
        assert b'"at":%d' % round((AS_OF + timedelta(hours=1)).timestamp() * 1000) in viewer.beat
        source.is_away = True
        open_pages.wake(None)
        await until(lambda: board.builds >= 3)
        board.send_beat()
        assert b'"at":%d' % round(AS_OF.timestamp() * 1000) in viewer.beat
        assert (await board.current_frame(PERSON)).version == "version 1"
        source.is_away = False
        await until(lambda: source.builds == 2)

    run(source, steps)
