"""What takes longer than a page may wait: counted beside it, for whoever asks again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from itertools import count
from threading import Lock

from otklik.database.transactions import statement_timeout
from otklik.errors import Counting

MAX_CONCURRENT = 2  # are counted; others wait, so that the screens' own questions find room
TIMEOUT_SECONDS = 120.0  # that one question may take here
MAX_ENTRIES = 128


@dataclass(frozen=True)
class CacheEntry:
    """A question's answer, there or being counted: of which `state` of the data, and the answer before it."""

    state: Hashable
    future: Future[object]
    previous: Future[object] | None


class BackgroundResults:
    """Answers by their question, each counted once at a time for all who ask, in the scope of the first."""

    def __init__(self) -> None:
        """Nothing is counted before somebody asks."""
        self._pool = ThreadPoolExecutor(MAX_CONCURRENT, "counting")
        self._entries: OrderedDict[Hashable, CacheEntry] = OrderedDict()
        self._lock = Lock()
        self._versions = count(1)
        self.late_version = 0
        """Another number once an answer is there that somebody didn't wait for."""

    def result(self, key: Hashable, state: Hashable, compute: Callable[[], object], wait_seconds: float) -> object:
        """The answer of this state of the data if it is there within `soon` seconds, otherwise the one before.

        Raises Counting while there is neither, and whatever the count raised, once: who asks then has it counted anew.
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
            if entry.previous:
                return entry.previous.result()
            raise Counting
        try:
            return entry.future.result()
        except Exception:
            with self._lock:
                self._entries.pop(key, None)
            raise

    def wait_for_all(self) -> None:
        """Wait until everything that was asked is counted."""
        with self._lock:
            futures = [entry.future for entry in self._entries.values()]
        wait(futures)

    def _bump_late_version(self, _future: Future[object]) -> None:
        self.late_version = next(self._versions)


def _run_with_timeout(compute: Callable[[], object]) -> object:
    statement_timeout.set(TIMEOUT_SECONDS)
    return compute()
