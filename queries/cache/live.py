"""Answers that are asked once a change and shared by every viewer who sees the same rows."""

import functools
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from sqlalchemy import select

from otklik.database import scope
from otklik.database.listener import Listener
from otklik.database.tables import demo_run
from otklik.database.transactions import query_dataframe
from otklik.errors import DatabaseUnavailable
from queries.cache.store import FunctionCache

P = ParamSpec("P")
T = TypeVar("T")
# Overdue and at risk change as time passes, without any change in the data.
TICK_SECONDS = 60
MAX_ENTRIES = 512

_last_results: OrderedDict[object, object] = OrderedDict()


@functools.cache
def change_listener() -> Listener:
    """The process's one listener, started when the first answer is asked for."""
    return Listener()


def data_version() -> int:
    """The version of the data: another number after a change."""
    return change_listener().data_version


def as_of() -> datetime:
    """The moment whose state the screens show."""
    return change_listener().as_of


def is_database_away() -> bool:
    """Whether the database can't be reached, so that the last answers are shown."""
    return change_listener().is_disconnected


def live(query: Callable[P, T]) -> Callable[P, T]:
    """Cache an answer until the data change or a minute passes; while the database is away, its last value stands."""
    return _cached_by_state(query, lambda changes: (changes.data_version, int(time.time() // TICK_SECONDS)))


def reference_data(query: Callable[P, T]) -> Callable[P, T]:
    """The same of an answer that tells of no appeal: until something is called otherwise."""
    return _cached_by_state(query, lambda changes: (changes.names_version,))


def _cached_by_state(query: Callable[P, T], current_state: Callable[[Listener], tuple[object, ...]]) -> Callable[P, T]:
    function_cache = FunctionCache(query, MAX_ENTRIES)

    @functools.wraps(query)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        changes = change_listener()
        arguments = function_cache.arguments(*args, **kwargs)
        scope_key = scope.cache_key()
        key = (query.__module__, query.__qualname__, arguments, scope_key)
        if changes.is_disconnected and key in _last_results:
            return _last_results[key]  # type: ignore[return-value]
        try:
            value = function_cache.result(arguments, current_state(changes), scope_key)
        except DatabaseUnavailable:
            changes.mark_disconnected()
            if key in _last_results:
                return _last_results[key]  # type: ignore[return-value]
            raise
        _last_results[key] = value
        _last_results.move_to_end(key)
        while len(_last_results) > MAX_ENTRIES:
            _last_results.popitem(last=False)
        return value

    return wrapper


@live
def is_demo() -> bool:
    """Whether the database holds demo data."""
    return not query_dataframe(select(demo_run.c.id).limit(1)).empty
