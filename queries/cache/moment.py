"""The version and the time that all parts of a page answer as of: read once in each run of a page or its fragments."""

import time
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from streamlit.runtime.scriptrunner import get_script_run_ctx

from otklik.database.listener import Listener


@dataclass(frozen=True)
class DataMoment:
    """The versions of the data and of the names of things, and when they were read."""

    data_version: int
    names_version: int
    seconds: float
    """Since 1970."""
    as_of: datetime
    """The moment up to which the data are complete: earlier while the database is away."""


_moment_by_run: WeakKeyDictionary[object, DataMoment] = WeakKeyDictionary()


def current_moment(changes: Listener) -> DataMoment:
    """The moment of this run, read at its first query; outside of any run, such as in a report, it is now.

    A page that took a new version for each query would show figures of before a change beside others of after it.
    """
    context = get_script_run_ctx(suppress_warning=True)
    # Each run has a new coordinator, and all fragments of the run share it; its cursors are new in each fragment.
    run = None if context is None else context.parallel_coordinator
    if run is None:
        return _read_moment(changes)
    return _moment_by_run.get(run) or _moment_by_run.setdefault(run, _read_moment(changes))


def _read_moment(changes: Listener) -> DataMoment:
    # The names' version last, since it is raised first: a result of new data must not be cached with old names.
    return DataMoment(changes.data_version, changes.names_version, time.time(), changes.as_of)
