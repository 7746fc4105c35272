"""Slow queries, computed in a background thread: the page says so, and shows the rows when it is refreshed."""

import functools
import inspect
import time
from collections.abc import Callable, Hashable
from typing import ParamSpec, TypeVar, cast

from streamlit.runtime.scriptrunner import get_script_run_ctx

from otklik.background import BackgroundResults
from otklik.database.access import scope
from otklik.database.announcements import SURGES_ANNOUNCEMENT
from queries.cache import live
from queries.cache.moment import current_moment
from queries.cache.store import cache_generation, call_arguments
from queries.cache.subscriptions import current_session_id, open_pages
from queries.cache.timed import MAX_AGE_MINUTES, timed

P = ParamSpec("P")
T = TypeVar("T")
# Seconds that a page waits for each result, so that a cached or quick one is shown in the first run.
wait_seconds = 0.03


@functools.cache
def background_results() -> BackgroundResults:
    """The background thread pool of this process, with its results."""
    return BackgroundResults()


def data_state() -> Hashable:
    """A value that changes when a page may have something new to show; found out without asking the database."""
    changes = live.change_listener()
    return (
        *live.data_state(),
        current_moment(changes).names_version,
        changes.is_disconnected,
        background_results().late_version,
        open_pages.announcement_version(SURGES_ANNOUNCEMENT),
    )


def background_timed(query: Callable[P, T]) -> Callable[P, T]:
    """Like `timed`, but computed in the background on a page, which sees the previous result meanwhile.

    Raises Counting on a page while there is no result yet. Reports and tests, which are no pages, wait for it.
    """
    return _in_background(timed(query), lambda: int(time.time() // (60 * MAX_AGE_MINUTES)))


def background_live(query: Callable[P, T]) -> Callable[P, T]:
    """Like `background_timed`, but computed again after each change of the data and every minute."""
    return _in_background(live.live(query), live.data_state)


def background_live_with(announcement: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Like `background_live`, for what also changes with an announcement (`otklik.database.announcements`)."""

    def decorate(query: Callable[P, T]) -> Callable[P, T]:
        return _in_background(
            live.live_with(announcement)(query),
            lambda: (live.data_state(), open_pages.announcement_version(announcement)),
        )

    return decorate


def _in_background(query: Callable[P, T], current_state: Callable[[], Hashable]) -> Callable[P, T]:
    signature = inspect.signature(query)

    @functools.wraps(query)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        if get_script_run_ctx(suppress_warning=True) is None:
            return query(*args, **kwargs)
        cache_key = (
            query.__module__,
            query.__qualname__,
            call_arguments(signature, *args, **kwargs),
            scope.cache_key(),
            cache_generation(),
        )
        return cast(
            "T",
            background_results().result(
                cache_key,
                current_state(),
                functools.partial(query, *args, **kwargs),
                wait_seconds,
                functools.partial(open_pages.wake_session, current_session_id()),
            ),
        )

    return wrapper
