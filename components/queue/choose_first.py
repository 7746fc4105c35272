"""Selecting the first appeals of the queue, or all of them, beyond the page on the screen."""

from collections.abc import Callable

import pandas as pd

from components.queue.pagination import PageState, clear_selection, save_selection
from components.tables.kept_selection import row_keys, versions_at
from components.tables.selection_bar import selection_bar


def choose_bar(
    state: PageState,
    rows: pd.DataFrame,
    total: int,
    count_limit: int,
    first_versions: Callable[[int], pd.DataFrame],
) -> None:
    """Buttons that select the first appeals of the list, on other pages too.

    `rows`: those on the screen, if it shows the first page, which may be older than the list; else none.
    `first_versions`: queries.queue.open_list.first_versions of a number of appeals.
    """

    def request_first(count: int) -> None:
        # Read in the run that follows: callbacks run before the guard, in nobody's scope.
        state.requested_count = count

    if state.requested_count:
        select_first(state, rows, first_versions(state.requested_count))
    selection_bar("open", len(state.selected), total, request_first, clear_selection, count_limit)


def select_first(state: PageState, rows: pd.DataFrame, first_rows: pd.DataFrame) -> None:
    """Select the requested number of appeals: those on the screen before the others of the list."""
    versions = versions_at(range(len(rows)), row_keys(rows), rows["version"])
    for key, version in versions_at(range(len(first_rows)), row_keys(first_rows), first_rows["version"]).items():
        versions.setdefault(key, version)
    save_selection(state, dict(list(versions.items())[: state.requested_count]))
    state.requested_count = 0
    state.widget_version += 1
