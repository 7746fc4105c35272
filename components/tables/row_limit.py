"""Notes under lists that hold no more than a number of rows: how many, and that a head sorts these alone."""

import streamlit as st

from otklik.i18n import _, formats

MAX_ROWS = 200
"""Appeals in a list, as the queries of regions and queue limit them."""


def first_rows_note(row_count: int, max_rows: int = MAX_ROWS, *, heads_sort_all: bool = False) -> None:
    """Say that only the first rows are listed, where a list is full.

    `heads_sort_all`: its heads order all rows at the database, not only those that are listed.
    """
    if row_count < max_rows:
        return
    message = (
        _("The first {n} are listed: narrow the filters to see others.")
        if heads_sort_all
        else _("The first {n} are listed, and a head sorts these alone: narrow the filters to see others.")
    )
    st.caption(message.format(n=formats.number(max_rows)))


def last_rows_note(row_count: int, max_rows: int) -> None:
    """Say that only the last rows are listed, where a list is full."""
    if row_count >= max_rows:
        message = _("The last {n} are listed, and a head sorts these alone: narrow the filters to see others.")
        st.caption(message.format(n=formats.number(max_rows)))


def page_rows_note() -> None:
    """Say of a list that is shown page by page, the last rows first, what its heads sort."""
    st.caption(_("A head sorts the rows of this page alone."))
