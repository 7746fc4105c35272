"""What takes longer than a page may wait: counted beside it, for whoever asks again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from itertools import count
from threading import Lock

from otklik.database.transactions import statement_timeout

MAX_CONCURRENT = 2  # are counted; others wait, so that the screens' own questions find room
TIMEOUT_SECONDS = 120.0  # that one question may take here
MAX_ENTRIES = 128


class Counting(Exception):
    """The answer is being counted: ask again in a moment."""


@dataclass(frozen=True)
class CacheEntry:
    """A question's answer, there or being counted: of which `state` of the data, and the answer before it."""

    state: Hashable
    found: Future[object]
    before: Future[object] | None


class BackgroundResults:
    """Answers by their question, each counted once at a time for all who ask, in the scope of the first."""

    def __init__(self) -> None:
        """Nothing is counted before somebody asks."""
        self._pool = ThreadPoolExecutor(MAX_CONCURRENT, "counting")
        self._asked: OrderedDict[Hashable, CacheEntry] = OrderedDict()
        self._lock = Lock()
        self._turns = count(1)
        self.late = 0
        """Another number once an answer is there that somebody didn't wait for."""

    def answer(self, key: Hashable, state: Hashable, compute: Callable[[], object], wait_seconds: float) -> object:
        """The answer of this state of the data if it is there within `soon` seconds, otherwise the one before.

        Raises Counting while there is neither, and whatever the count raised, once: who asks then has it counted anew.
        """
        with self._lock:
            entry = self._asked.get(key)
            if entry is None or (entry.found.done() and entry.state != state):
                future = self._pool.submit(copy_context().run, _run_with_timeout, compute)
                previous = entry.found if entry and not entry.found.exception() else None
                entry = CacheEntry(state, future, previous)
                self._asked[key] = entry
                self._asked.move_to_end(key)
                while len(self._asked) > MAX_ENTRIES:
                    self._asked.popitem(last=False)
        wait([entry.found], wait_seconds)
        if not entry.found.done():
            entry.found.add_done_callback(self._came_late)
            if entry.before:
                return entry.before.result()
            raise Counting
        try:
            return entry.found.result()
        except Exception:
            with self._lock:
                self._asked.pop(key, None)
            raise

    def finish(self) -> None:
        """Wait until everything that was asked is counted."""
        with self._lock:
            futures = [entry.found for entry in self._asked.values()]
        wait(futures)

    def _came_late(self, _future: Future[object]) -> None:
        self.late = next(self._turns)


def _run_with_timeout(compute: Callable[[], object]) -> object:
    statement_timeout.set(TIMEOUT_SECONDS)
    return compute()
