"""Answers that are asked once a change and shared by every viewer who sees the same rows."""

import functools
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from otklik.database import NoDatabase, scope
from otklik.database.listener import Listener
from otklik.database.tables import demo_run
from otklik.database.transactions import frame
from queries.cache.store import Kept

P = ParamSpec("P")
T = TypeVar("T")
# Overdue and at risk change as time passes, without any change in the data.
TICK_SECONDS = 60
KEPT = 512

_last: OrderedDict[object, object] = OrderedDict()


@functools.cache
def listener() -> Listener:
    """The process's one listener, started when the first answer is asked for."""
    return Listener()


def version() -> int:
    """The version of the data: another number after a change."""
    return listener().version


def as_of() -> datetime:
    """The moment whose state the screens show."""
    return listener().as_of


def away() -> bool:
    """Whether the database can't be reached, so that the last answers are shown."""
    return listener().away


def live(query: Callable[P, T]) -> Callable[P, T]:
    """Cache an answer until the data change or a minute passes; while the database is away, its last value stands."""
    return _kept(query, lambda changes: (changes.version, int(time.time() // TICK_SECONDS)))


def known(query: Callable[P, T]) -> Callable[P, T]:
    """The same of an answer that tells of no appeal: until something is called otherwise."""
    return _kept(query, lambda changes: (changes.words,))


def _kept(query: Callable[P, T], current_state: Callable[[Listener], tuple[object, ...]]) -> Callable[P, T]:
    function_cache = Kept(query, KEPT)

    @functools.wraps(query)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        changes = listener()
        arguments = function_cache.given(*args, **kwargs)
        scope_key = scope.key()
        key = (query.__module__, query.__qualname__, arguments, scope_key)
        if changes.away and key in _last:
            return _last[key]  # type: ignore[return-value]
        try:
            value = function_cache.answer(arguments, current_state(changes), scope_key)
        except (OperationalError, NoDatabase) as error:
            if not _is_away(error):
                raise
            changes.lost()
            if key in _last:
                return _last[key]  # type: ignore[return-value]
            raise
        _last[key] = value
        _last.move_to_end(key)
        while len(_last) > KEPT:
            _last.popitem(last=False)
        return value

    return wrapper


def _is_away(error: OperationalError | NoDatabase) -> bool:
    """Whether the connection failed, and not the question."""
    if isinstance(error, NoDatabase):
        return True
    sqlstate = error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None
    return sqlstate is None or sqlstate.startswith(("08", "57P"))


@live
def is_demo() -> bool:
    """Whether the database holds demo data."""
    return not frame(select(demo_run.c.id).limit(1)).empty
