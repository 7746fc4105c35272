"""A load run counts what its viewers meet: pictures, errors of each kind, and viewers without a picture."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from otklik.load import run
from otklik.load.connections import Site, UnexpectedAnswer
from otklik.load.measurements import Measurements
from otklik.load.run import LoadPlan, first_received, run_load
from otklik.load.viewer import OnPaint
from tests.support.servers.asgi import run_in_event_loop

PLAN = LoadPlan(Site("http://127.0.0.1:1"), "overview", "lang=en", 4, 0.0, 0.2, 0.0)


async def stay() -> None:
    await asyncio.Event().wait()


def run_with(monkeypatch: pytest.MonkeyPatch, watch: Callable[[OnPaint], Awaitable[None]]) -> Measurements:
    monkeypatch.setattr(run, "page_watcher", lambda _plan: watch)
    measurements, _ = run_in_event_loop(lambda: run_load(PLAN, None))
    return measurements


def test_each_viewer_is_painted_once_and_updated_after_that(monkeypatch: pytest.MonkeyPatch) -> None:
    async def watch(on_paint: OnPaint) -> None:
        on_paint(5, 1000)
        on_paint(5, 10)
        await stay()

    measurements = run_with(monkeypatch, watch)
    assert len(measurements.first_paints) == PLAN.viewers
    assert (measurements.updates, measurements.received_bytes) == (4, 4040)
    assert not measurements.errors


def test_errors_are_counted_by_kind_also_from_within_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    visits = 0

    async def watch(on_paint: OnPaint) -> None:
        nonlocal visits
        visits += 1
        on_paint(None, 1)
        if visits == 1:  # who comes before the run
            await stay()
        if visits % 2:
            raise ExceptionGroup(
                "tasks", [ConnectionResetError("peer 1"), ExceptionGroup("", [UnexpectedAnswer("no")])]
            )
        raise ConnectionResetError("peer 2")

    assert run_with(monkeypatch, watch).errors == {"ConnectionResetError": 4, "no": 2}


def test_viewers_without_a_picture_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    visits = 0

    async def watch(on_paint: OnPaint) -> None:
        nonlocal visits
        visits += 1
        if visits == 1:
            on_paint(None, 1)
        await stay()

    measurements = run_with(monkeypatch, watch)
    assert measurements.errors == {"not painted until the end": PLAN.viewers}
    assert measurements.first_paints == []


def test_what_the_first_viewer_meets_ends_the_run() -> None:
    async def watch(_on_paint: OnPaint) -> None:
        await asyncio.sleep(0)
        raise UnexpectedAnswer("status 500")

    with pytest.raises(UnexpectedAnswer, match="status 500"):
        run_in_event_loop(lambda: first_received(watch))


def test_viewers_arrive_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    delays = []

    async def sleep(seconds: float) -> None:
        delays.append(seconds)

    async def watch(on_paint: OnPaint) -> None:
        on_paint(1, 1)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    plan = LoadPlan(PLAN.site, PLAN.page, PLAN.query, 4, 2.0, 0.0, 0.0)
    monkeypatch.setattr(run, "page_watcher", lambda _plan: watch)
    run_in_event_loop(lambda: run_load(plan, None))
    assert delays == [0.0, 0.5, 1.0, 1.5]
