"""Queries that take longer than a page may wait: computed in background threads, cached for later calls."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from itertools import count
from threading import Lock

from otklik.database.transactions import statement_timeout
from otklik.errors import Counting

MAX_CONCURRENT = 2
"""Computations at a time; others wait, so that the screens' own queries find connections."""
TIMEOUT_SECONDS = 120.0
"""Seconds that one statement of a computation may take."""
MAX_ENTRIES = 128


@dataclass(frozen=True)
class CacheEntry:
    """A result, computed or being computed, for one `state` of the data; and the result before it."""

    state: Hashable
    future: Future[object]
    previous: Future[object] | None


class BackgroundResults:
    """Results by key. Each is computed once at a time for all callers, in the context of the first."""

    def __init__(self) -> None:
        """Start without results."""
        self._pool = ThreadPoolExecutor(MAX_CONCURRENT, "counting")
        self._entries: OrderedDict[Hashable, CacheEntry] = OrderedDict()
        self._lock = Lock()
        self._versions = count(1)
        self.late_version = 0
        """Grows with each result that was ready only after a caller stopped waiting for it."""

    def result(
        self,
        key: Hashable,
        state: Hashable,
        compute: Callable[[], object],
        wait_seconds: float,
        on_late: Callable[[], None] = lambda: None,
    ) -> object:
        """The result for this state of the data if it is ready within `wait_seconds`, or else the previous result.

        `on_late` is called in another thread once a result is there that wasn't ready in time. Raises Counting while
        there is neither. Raises an error of the computation once; the next call computes again.
        """
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or (entry.future.done() and entry.state != state):
                future = self._pool.submit(copy_context().run, _run_with_timeout, compute)
                previous = entry.future if entry and not entry.future.exception() else None
                entry = CacheEntry(state, future, previous)
                self._entries[key] = entry
                self._entries.move_to_end(key)
                while len(self._entries) > MAX_ENTRIES:
                    self._entries.popitem(last=False)
        wait([entry.future], wait_seconds)
        if not entry.future.done():
            entry.future.add_done_callback(self._bump_late_version)
            entry.future.add_done_callback(lambda _future: on_late())
            if entry.previous:
                return entry.previous.result()
            raise Counting
        try:
            return entry.future.result()
        except Exception:
            with self._lock:
                self._entries.pop(key, None)
            raise

    def pending_count(self) -> int:
        """How many computations are running or waiting."""
        with self._lock:
            return sum(not entry.future.done() for entry in self._entries.values())

    def wait_for_all(self) -> None:
        """Wait until every computation has ended."""
        with self._lock:
            futures = [entry.future for entry in self._entries.values()]
        wait(futures)

    def _bump_late_version(self, _future: Future[object]) -> None:
        self.late_version = next(self._versions)


def _run_with_timeout(compute: Callable[[], object]) -> object:
    statement_timeout.set(TIMEOUT_SECONDS)
    return compute()
