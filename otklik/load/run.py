"""A load run: viewers arrive at a running Otklik, and stay, while appeals change."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from otklik.load.connections import Site, UnexpectedAnswer
from otklik.load.marked_changes import ChangeMarker
from otklik.load.measurements import Measurements
from otklik.load.server_usage import ServerProcess, ServerUsage, process_listening_on
from otklik.load.streamlit_page import PageAddress, watch_page
from otklik.load.viewer import OnPaint, Viewer
from otklik.load.wall_page import watch_wall
from otklik.simulator.simulate import run_simulator

MARK_SECONDS = 5.0
"""Between two marked changes."""
SETTLE_SECONDS = 5.0
"""After the last marked change, in which it has to be seen."""
SAMPLE_SECONDS = 1.0
WALL_PAGE = "wall"

Watch = Callable[[OnPaint], Awaitable[None]]
"""Opens a page and keeps it open until cancelled."""


@dataclass(frozen=True)
class LoadPlan:
    """How many viewers open which page, how they arrive, for how long they stay, and what changes meanwhile.

    `arrive_seconds`: the time over which the viewers arrive, evenly. `seconds`: the time from the last arrival to the
    end. `changes_per_second`: of the simulator, besides a marked change every five seconds; 0 for no change at all.
    """

    site: Site
    page: str
    query: str
    viewers: int
    arrive_seconds: float
    seconds: float
    changes_per_second: float


async def run_load(plan: LoadPlan, database_url: str | None) -> tuple[Measurements, ServerUsage | None]:
    """Run a plan; `database_url` is where changes are written, None where there are none.

    The usage of the server is None where it isn't a process of this machine. Raises NoDemoData, and what the viewer
    who comes first meets.
    """
    measurements = Measurements()
    watch = page_watcher(plan)
    # This viewer's picture shows how many appeals were received before the first change.
    shown_before = await first_received(watch)
    marker = ChangeMarker(database_url, measurements) if database_url and plan.changes_per_second else None
    pid = process_listening_on(urlsplit(plan.site.url).port or 0)
    process = ServerProcess(pid) if pid else None
    ends_at = time.monotonic() + plan.arrive_seconds + plan.seconds
    with simulated_changes(database_url if marker else None, plan.changes_per_second):
        marking = asyncio.create_task(_add_changes(marker, ends_at - SETTLE_SECONDS))
        sampling = asyncio.create_task(_sample(process, plan.arrive_seconds))
        await asyncio.gather(
            *(
                _view(watch, number * plan.arrive_seconds / plan.viewers, ends_at, (measurements, marker, shown_before))
                for number in range(plan.viewers)
            )
        )
        sampling.cancel()
        await marking
    return measurements, process.usage() if process else None


def page_watcher(plan: LoadPlan) -> Watch:
    """What a viewer of the plan's page does."""
    if plan.page == WALL_PAGE:
        return lambda on_paint: watch_wall(plan.site, plan.query, on_paint)
    address = PageAddress(plan.site, plan.page, plan.query)
    return lambda on_paint: watch_page(address, on_paint)


async def first_received(watch: Watch) -> int | None:
    """The number of appeals received that the page shows to somebody who opens it; None where it shows none."""
    painted: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    def on_paint(received: int | None, _size: int) -> None:
        if not painted.done():
            painted.set_result(received)

    watching = asyncio.ensure_future(watch(on_paint))
    ends: list[asyncio.Future[Any]] = [painted, watching]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if not painted.done():
        watching.result()
        raise UnexpectedAnswer("no picture of the page")
    watching.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await watching
    return painted.result()


async def _view(
    watch: Watch, delay: float, ends_at: float, kept: tuple[Measurements, ChangeMarker | None, int | None]
) -> None:
    await asyncio.sleep(delay)
    measurements, _, _ = kept
    viewer = Viewer(*kept)
    deadline = asyncio.timeout(max(ends_at - time.monotonic(), 0))
    try:
        async with deadline:
            await watch(viewer.on_paint)
    except Exception as error:  # noqa: BLE001 -- whatever a viewer meets is counted
        if not deadline.expired():
            measurements.errors.update(map(error_text, single_errors(error)))
            return
    viewer.finish()
    if not viewer.is_painted:
        measurements.errors["not painted until the end"] += 1


def single_errors(error: BaseException) -> list[BaseException]:
    """The errors of a group of them, at any depth; or the error itself."""
    if isinstance(error, BaseExceptionGroup):
        return [single for inner in error.exceptions for single in single_errors(inner)]
    return [error]


def error_text(error: BaseException) -> str:
    """The kind of an error, for counting: without what differs from one viewer to another."""
    return str(error) if isinstance(error, UnexpectedAnswer) else type(error).__name__


async def _add_changes(marker: ChangeMarker | None, until: float) -> None:
    while marker and time.monotonic() + MARK_SECONDS < until:
        await asyncio.sleep(MARK_SECONDS)
        await asyncio.to_thread(marker.add_change)


async def _sample(process: ServerProcess | None, arrive_seconds: float) -> None:
    arrived_at = time.monotonic() + arrive_seconds
    has_arrived = False
    while process:
        if not has_arrived and time.monotonic() >= arrived_at:
            has_arrived = True
            process.note_arrival()
        process.sample()
        await asyncio.sleep(SAMPLE_SECONDS)


@contextmanager
def simulated_changes(database_url: str | None, rate: float) -> Iterator[None]:
    """Have the simulator make so many changes a second within the block; none without a database."""
    if database_url is None:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=run_simulator, args=(database_url, rate), kwargs={"stop": stop})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
