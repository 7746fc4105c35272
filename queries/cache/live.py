"""Query results that are cached until the data change, and shared by all viewers who see the same rows."""

import functools
import pickle
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import select

from otklik.database.access import scope
from otklik.database.listener import Listener
from otklik.database.outage import outage
from otklik.database.tables import demo_run
from otklik.database.transactions import query_dataframe
from otklik.errors import DatabaseUnavailable
from queries.cache.moment import DataMoment, current_moment
from queries.cache.store import MAX_RESULT_BYTES, FunctionCache, ResultStore
from queries.cache.subscriptions import open_pages

P = ParamSpec("P")
T = TypeVar("T")
# What depends on the time of day alone, such as appeals due within seven days, is asked for again after so long.
# Appeals that became overdue or at risk are a change of the data, which the listener notices.
TICK_SECONDS = 300

_last_results = ResultStore(MAX_RESULT_BYTES)


@functools.cache
def change_listener() -> Listener:
    """The listener of this process, started with the first query; it wakes the open pages."""
    listener = Listener()
    listener.on_change(open_pages.wake)
    listener.on_announcements(open_pages.wake_announced)
    return listener


def data_version() -> int:
    """A number that changes with every change of the data."""
    return change_listener().data_version


def as_of() -> datetime:
    """The moment up to which the rows shown are complete: of this run, or when the database was last reached."""
    changes = change_listener()
    return changes.as_of if changes.is_disconnected else current_moment(changes).as_of


def data_state() -> tuple[int, int]:
    """The version of the data and the time that live results of this run are of, in units of `TICK_SECONDS`."""
    return _data_state(current_moment(change_listener()))


def is_database_away() -> bool:
    """Whether the database can't be reached; the last results are shown then."""
    return change_listener().is_disconnected


def away_reason() -> str:
    """Why the database has been away for some seconds, for administrators; empty while it answers."""
    return outage.lasting_reason


def live(query: Callable[P, T]) -> Callable[P, T]:
    """Cache a query until the data change or five minutes pass; while the database is away, return its last result."""
    return _cached_by_state(query, _data_state)


def live_with(announcement: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Like `live`, for what also changes with an announcement (`otklik.database.announcements`)."""
    return functools.partial(
        _cached_by_state,
        state_at=lambda moment: (*_data_state(moment), open_pages.announcement_version(announcement)),
    )


def reference_data(query: Callable[P, T]) -> Callable[P, T]:
    """Like `live`, for reference data (territories, topics, names): cached until any of it changes."""
    return _cached_by_state(query, lambda moment: (moment.names_version,))


def _data_state(moment: DataMoment) -> tuple[int, int]:
    return moment.data_version, int(moment.seconds // TICK_SECONDS)


def _cached_by_state(query: Callable[P, T], state_at: Callable[[DataMoment], tuple[object, ...]]) -> Callable[P, T]:
    function_cache = FunctionCache(query)

    @functools.wraps(query)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        changes = change_listener()
        arguments = function_cache.arguments(*args, **kwargs)
        scope_key = scope.cache_key()
        key = (query.__module__, query.__qualname__, arguments, scope_key)
        last_result = _last_results.get(key)
        if changes.is_disconnected and last_result is not None:
            return cast("T", pickle.loads(last_result))  # noqa: S301 -- pickled in queries.cache.store
        try:
            pickled = function_cache.pickled_result(arguments, state_at(current_moment(changes)), scope_key)
        except DatabaseUnavailable:
            changes.mark_disconnected()
            if last_result is not None:
                return cast("T", pickle.loads(last_result))  # noqa: S301
            raise
        if pickled is not last_result:
            _last_results.put(key, pickled)
        return cast("T", pickle.loads(pickled))  # noqa: S301

    return wrapper


@live
def is_demo() -> bool:
    """Whether the database holds demo data."""
    return not query_dataframe(select(demo_run.c.id).limit(1)).empty
