"""A cache of functions' results, bounded by bytes, with keys that are cheap to compute."""

import functools
import inspect
import pickle
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, ParamSpec, TypeVar, cast
from weakref import WeakValueDictionary

import streamlit as st

from otklik import counters

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class CallArguments:
    """The arguments of a call, defaults included: positional ones, then those that can only be given by name."""

    args: tuple[object, ...]
    kwargs: tuple[tuple[str, object], ...]


class ResultStore:
    """Pickled results by key, within a number of bytes altogether: those used last."""

    def __init__(self, max_bytes: int) -> None:
        """Start empty. A result that alone takes more than a quarter of `max_bytes` isn't kept."""
        self._max_bytes = max_bytes
        self._results: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()
        self.total_bytes = 0

    def get(self, key: Hashable) -> bytes | None:
        """The result with this key, if there still is one."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, key: Hashable, result: bytes) -> None:
        """Keep a result, and drop those that weren't used for longest."""
        with self._lock:
            self.total_bytes -= len(self._results.pop(key, b""))
            if len(result) > self._max_bytes // 4:
                return
            self._results[key] = result
            self.total_bytes += len(result)
            while self.total_bytes > self._max_bytes:
                self.total_bytes -= len(self._results.popitem(last=False)[1])


MAX_RESULT_BYTES = 32_000_000
"""Of all cached results in a process; the results for a database that is away may take as much again."""
results = ResultStore(MAX_RESULT_BYTES)


class FunctionCache(Generic[P, T]):
    """The last results of a function, shared by all sessions; each caller has a copy of its own."""

    def __init__(self, query: Callable[P, T]) -> None:
        """Cache results of `query` in the store that all functions share."""
        self._query = query
        self._signature = inspect.signature(query)
        self._name = (query.__module__, query.__qualname__)
        self._locks: WeakValueDictionary[str, _KeyLock] = WeakValueDictionary()
        self._locks_lock = Lock()

    def arguments(self, *args: P.args, **kwargs: P.kwargs) -> CallArguments:
        """The arguments of a call, the same whether given by position, by name or by default."""
        return call_arguments(self._signature, *args, **kwargs)

    def result(self, arguments: CallArguments, *key_parts: object) -> T:
        """The cached result for these arguments and key parts; the function is called where there is none."""
        return cast("T", pickle.loads(self.pickled_result(arguments, *key_parts)))  # noqa: S301 -- pickled below

    def pickled_result(self, arguments: CallArguments, *key_parts: object) -> bytes:
        """Like `result`, but as the bytes in the store."""
        counters.query_requests.inc()
        # The key is a string: hashing every argument in Streamlit's way takes longer than most queries.
        key = repr((self._name, arguments, key_parts, cache_generation()))
        pickled = results.get(key)
        if pickled is not None:
            return pickled
        with self._locks_lock:
            key_lock = self._locks.setdefault(key, _KeyLock())
        # Callers that come meanwhile wait for the first one's result.
        with key_lock.lock:
            pickled = results.get(key)
            if pickled is None:
                counters.query_runs.inc()
                pickled = pickle.dumps(self._query(*arguments.args, **dict(arguments.kwargs)))  # type: ignore[arg-type]
                results.put(key, pickled)
            return pickled


class _KeyLock:
    """A lock that goes away with its last user."""

    def __init__(self) -> None:
        self.lock = Lock()


def cache_generation() -> int:
    """A number that changes when Streamlit's caches are cleared, and all results with them."""
    return _cached_generation()()


@functools.cache
def _cached_generation() -> Callable[[], int]:
    """The number in Streamlit's cache; that is not made on import, where Streamlit doesn't serve yet and warns."""

    @st.cache_data(show_spinner=False)
    def new_generation() -> int:
        return time.monotonic_ns()

    return new_generation


def call_arguments(signature: inspect.Signature, *args: object, **kwargs: object) -> CallArguments:
    """The arguments bound to a signature, defaults included."""
    bound_arguments = signature.bind(*args, **kwargs)
    bound_arguments.apply_defaults()
    return CallArguments(bound_arguments.args, tuple(bound_arguments.kwargs.items()))
