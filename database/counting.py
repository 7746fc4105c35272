"""What takes longer than a page may wait: counted beside it, for whoever asks again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock

from database.reading import patience

AT_ONCE = 2  # are counted; others wait, so that the screens' own questions find room
SECONDS = 120.0  # that one question may take here
KEPT = 128


class Counting(Exception):
    """The answer is being counted: ask again in a moment."""


class Beside:
    """Answers by what they answer, each counted once for all who ask meanwhile, in their scope."""

    def __init__(self) -> None:
        """Nothing is counted before somebody asks."""
        self._pool = ThreadPoolExecutor(AT_ONCE, "counting")
        self._asked: OrderedDict[Hashable, Future[object]] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, count: Callable[[], object], before: Hashable, soon: float) -> object:
        """The answer, after at most `soon` seconds; the one of the key `before` while it is not there.

        Raises Counting while there is neither, and whatever the count raised, once: who asks then counts anew.
        """
        with self._lock:
            found = self._asked.get(key)
            if found is None:
                found = self._asked[key] = self._pool.submit(copy_context().run, _patiently, count)
                while len(self._asked) > KEPT:
                    self._asked.popitem(last=False)
            earlier = self._asked.get(before)
        try:
            return found.result(0 if earlier and earlier.done() else soon)
        except TimeoutError:
            if found.done():
                self._forget(key)
                raise
        except Exception:
            self._forget(key)
            raise
        if earlier and earlier.done() and not earlier.exception():
            return earlier.result()
        raise Counting

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._asked.pop(key, None)


def _patiently(count: Callable[[], object]) -> object:
    patience.set(SECONDS)
    return count()
