"""Heads of a table that order the whole list at the database; the address holds the order.

Streamlit's grid sorts the rows that the browser has, and doesn't tell the server. But while columns can be selected, it
doesn't sort: a click on a head then selects the column, which the server hears of.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from components.streamlit_compat.url_widget import url_widget_key
from components.tables.column_types import Column
from components.tables.columns import COLUMNS
from components.url import query_params
from components.url.choice import write_choice
from otklik.i18n import N_, _

DEFAULT_SORT = "deadline"
# The orders of queries.lists.ordering: those of moments in words, the others as a column and its direction.
MOMENT_SORT_LABELS = {
    "deadline": N_("Deadline, soonest first"),
    "deadline_last": N_("Deadline, latest first"),
    "oldest": N_("Oldest first"),
    "newest": N_("Newest first"),
}
HEAD_SORTS = {
    "time": ("deadline", "deadline_last"),
    "deadline_at": ("deadline", "deadline_last"),
    "received_at": ("oldest", "newest"),
} | {key: (key, f"{key}_last") for key in ("number", "topic", "territory", "organisation", "status")}
"""By a column's key: its order from the least value, and from the greatest."""
CURSOR_PARAMS = ("after", "before")
"""The address's place in a paged list; removed when the list changes, so that it begins at the first page."""


class HeadSort(NamedTuple):
    """The order that a table has, and what runs after a click on a head has changed it in the address."""

    sort: str
    on_change: Callable[[], None]

    def titled(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns, those that the table is ordered by with an arrow."""
        return tuple(
            replace(column, title=f"{column.heading()} {self.arrow(column.key)}")
            if self.sort in HEAD_SORTS.get(column.key, ())
            else column
            for column in columns
        )

    def arrow(self, column_key: str) -> str:
        """Up from the least value, down from the greatest."""
        return "↑" if self.sort == HEAD_SORTS[column_key][0] else "↓"

    def sort_by(self, column_key: str) -> None:
        """Write the order of a column into the address: from its least value, or the other way round."""
        if column_key not in HEAD_SORTS:
            return
        ascending, descending = HEAD_SORTS[column_key]
        sort = descending if self.sort == ascending else ascending
        query_params.write(**dict.fromkeys(CURSOR_PARAMS), sort=None if sort == DEFAULT_SORT else sort)
        self.on_change()


def sort_labels() -> dict[str, str]:
    """Each order with its name in the current language."""
    labels = {sort: _(label) for sort, label in MOMENT_SORT_LABELS.items()}
    for key, sorts in HEAD_SORTS.items():
        if sorts[0] == key:
            labels |= {sort: f"{COLUMNS[key].heading()} {arrow}" for sort, arrow in zip(sorts, "↑↓", strict=True)}
    return labels


def sort_selectbox(sort: str) -> None:
    """A choice of the order, for those who don't reach the heads; it is in the address."""
    labels = sort_labels()
    key = url_widget_key("list-sort", sort, labels)
    st.selectbox(
        _("Order"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=write_choice,
        args=("sort", key, DEFAULT_SORT, CURSOR_PARAMS),
    )
