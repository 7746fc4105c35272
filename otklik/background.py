"""What takes longer than a page may wait: counted beside it, for whoever asks again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from itertools import count
from threading import Lock

from otklik.database.transactions import patience

AT_ONCE = 2  # are counted; others wait, so that the screens' own questions find room
SECONDS = 120.0  # that one question may take here
KEPT = 128


class Counting(Exception):
    """The answer is being counted: ask again in a moment."""


@dataclass(frozen=True)
class Asked:
    """A question's answer, there or being counted: of which `state` of the data, and the answer before it."""

    state: Hashable
    found: Future[object]
    before: Future[object] | None


class Beside:
    """Answers by their question, each counted once at a time for all who ask, in the scope of the first."""

    def __init__(self) -> None:
        """Nothing is counted before somebody asks."""
        self._pool = ThreadPoolExecutor(AT_ONCE, "counting")
        self._asked: OrderedDict[Hashable, Asked] = OrderedDict()
        self._lock = Lock()
        self._turns = count(1)
        self.late = 0
        """Another number once an answer is there that somebody didn't wait for."""

    def answer(self, question: Hashable, state: Hashable, ask: Callable[[], object], soon: float) -> object:
        """The answer of this state of the data if it is there within `soon` seconds, otherwise the one before.

        Raises Counting while there is neither, and whatever the count raised, once: who asks then has it counted anew.
        """
        with self._lock:
            asked = self._asked.get(question)
            if asked is None or (asked.found.done() and asked.state != state):
                counted = self._pool.submit(copy_context().run, _patiently, ask)
                before = asked.found if asked and not asked.found.exception() else None
                asked = Asked(state, counted, before)
                self._asked[question] = asked
                self._asked.move_to_end(question)
                while len(self._asked) > KEPT:
                    self._asked.popitem(last=False)
        wait([asked.found], soon)
        if not asked.found.done():
            asked.found.add_done_callback(self._came_late)
            if asked.before:
                return asked.before.result()
            raise Counting
        try:
            return asked.found.result()
        except Exception:
            with self._lock:
                self._asked.pop(question, None)
            raise

    def finish(self) -> None:
        """Wait until everything that was asked is counted."""
        with self._lock:
            counts = [asked.found for asked in self._asked.values()]
        wait(counts)

    def _came_late(self, _found: Future[object]) -> None:
        self.late = next(self._turns)


def _patiently(ask: Callable[[], object]) -> object:
    patience.set(SECONDS)
    return ask()
