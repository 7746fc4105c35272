"""A board: one wall as some viewers see it, built once for each change and handed to all of them.

All of it runs in the server's event loop; only building runs in a thread.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import UTC, datetime

from components.wall.page import BEAT_SECONDS
from otklik import counters
from otklik.database.access.people import Person
from otklik.database.announcements import SURGES_ANNOUNCEMENT
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.wall.frame import Frame, beat_message
from queries import live_page
from queries.cache.subscriptions import Subscription, open_pages

log = logging.getLogger("otklik.wall")
MIN_INTERVAL_SECONDS = 0.75
"""From one build of a board to the next: more changes than that are seen together."""
PAUSE_PER_BUILD = 2.0
"""A board rests for at least as many times the processor time that its last build took."""
RETRY_SECONDS = (2.0, 5.0)
"""After a build that failed, at random."""
AGE_SECONDS = (240.0, 300.0)
"""A board without a change is built again after so many seconds, at random: ages and the time of day go on."""
QUARTER_HOUR_SECONDS = 900
"""A day of any time zone begins at a full quarter of an hour."""

BuildFrame = Callable[[Person], Frame]


class Viewer:
    """A screen's end of a board: what it has to be sent. A slow one gets the newest frame alone, whatever it missed."""

    def __init__(self, person: Person, version: str = "") -> None:
        """A screen of a person that shows a version of the board already."""
        self.person = person
        self.sent_version = version
        self.beat: bytes | None = None
        self.has_news = asyncio.Event()


class Board:
    """One wall. It is built while it has viewers, and when somebody asks for its frame."""

    def __init__(self, build: BuildFrame, executor: Executor) -> None:
        """Build nothing yet."""
        self._build, self._executor = build, executor
        self.viewers: set[Viewer] = set()
        self.frame: Frame | None = None
        self.message = b""
        self.builds = 0
        self._built_at = 0.0
        self._build_cpu_seconds = 0.0
        self._subscription: Subscription | None = None
        self._is_outdated = asyncio.Event()
        self._is_outdated.set()
        self._has_failed = False
        self._building: asyncio.Task[Frame] | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def current_frame(self, person: Person) -> Frame:
        """The newest frame; built in the person's name if a change came since, once for all who ask meanwhile.

        Raises what building raises, unless there is an older frame.
        """
        is_old = self._is_outdated.is_set() or time.monotonic() - self._built_at > AGE_SECONDS[0]
        if self.frame is None or (is_old and not self.viewers):
            try:
                return await self._build_once(person)
            except (DatabaseUnavailable, QueryTimeout):
                if self.frame is None:
                    raise
        return self.frame

    def join(self, viewer: Viewer) -> None:
        """Keep the board up to date for a viewer, until it leaves."""
        self.viewers.add(viewer)
        viewer.has_news.set()
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_current())

    def leave(self, viewer: Viewer) -> None:
        """End what `join` began."""
        self.viewers.discard(viewer)
        if not self.viewers and self._keeping:
            self._keeping.cancel()

    def send_beat(self) -> None:
        """Tell all viewers up to when all changes are known."""
        if self.frame is None:
            return
        beat = beat_message(self.known_until(self.frame))
        for viewer in self.viewers:
            viewer.beat = beat
            viewer.has_news.set()

    def known_until(self, frame: Frame) -> datetime:
        """Up to when all changes are in the newest frame: now, unless it couldn't be built again."""
        return frame.as_of if self._has_failed else live_page.as_of()

    async def _keep_current(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_seconds_to_rebuild()):
                    await self._is_outdated.wait()
            started_at = time.monotonic()
            try:
                await self._build_once(next(iter(self.viewers)).person)
            except (DatabaseUnavailable, QueryTimeout, ScopeChanged):
                await self._rest_after_failure()
            except Exception:
                log.exception("A wall couldn't be drawn")
                await self._rest_after_failure()
            else:
                pause = MIN_INTERVAL_SECONDS - (time.monotonic() - started_at)
                await asyncio.sleep(max(pause, PAUSE_PER_BUILD * self._build_cpu_seconds))

    async def _rest_after_failure(self) -> None:
        self._is_outdated.set()
        await asyncio.sleep(random.uniform(*RETRY_SECONDS))  # noqa: S311 -- no secret

    async def _build_once(self, person: Person) -> Frame:
        if self._building is None:
            self._building = asyncio.create_task(self._build_frame(person))
        # A viewer that leaves meanwhile doesn't cancel the build that the others wait for.
        return await asyncio.shield(self._building)

    async def _build_frame(self, person: Person) -> Frame:
        # Before the database is asked: a change meanwhile makes it outdated again.
        self._is_outdated.clear()
        if self._subscription is None:
            self._subscribe(None)
        try:
            self.builds += 1
            counters.wall_builds.inc()
            frame = await asyncio.get_running_loop().run_in_executor(self._executor, self._timed_build, person)
        except BaseException:
            self._has_failed = True
            self._is_outdated.set()
            raise
        finally:
            self._building = None
        self._has_failed, self._built_at = False, time.monotonic()
        self._subscribe(frame.region_ids)
        if self.frame is None or frame.version != self.frame.version:
            self.message = frame.message()
            for viewer in self.viewers:
                viewer.has_news.set()
        self.frame = frame
        return frame

    def _timed_build(self, person: Person) -> Frame:
        """Build, and note the processor time of this thread: that of a busy machine's others is no reason to rest."""
        started_at = time.thread_time()
        try:
            return self._build(person)
        finally:
            self._build_cpu_seconds = time.thread_time() - started_at

    def _subscribe(self, region_ids: frozenset[int] | None) -> None:
        """Be told of changes in these regions from now on, None for all."""
        if self._subscription and self._subscription.region_ids == region_ids:
            return
        loop = asyncio.get_running_loop()

        def wake() -> None:
            # While the server stops, the loop may be closed already.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._is_outdated.set)

        subscription = open_pages.subscribe(region_ids, announcements=frozenset({SURGES_ANNOUNCEMENT}))
        subscription.on_wake = wake
        self._subscription = subscription


def _seconds_to_rebuild() -> float:
    to_quarter_hour = QUARTER_HOUR_SECONDS - datetime.now(UTC).timestamp() % QUARTER_HOUR_SECONDS
    age = random.uniform(*AGE_SECONDS)  # noqa: S311 -- no secret
    return min(age, to_quarter_hour + random.uniform(0, BEAT_SECONDS))  # noqa: S311 -- no secret
