"""Notes under lists that hold no more than a number of appeals."""

import streamlit as st

from otklik.i18n import _, formats

MAX_ROWS = 200
"""Appeals in a list, as the queries of overdue, regions and queue limit them."""


def first_rows_note(row_count: int, max_rows: int = MAX_ROWS) -> None:
    """Say that only the first rows are listed, where a list is full."""
    if row_count == max_rows:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(max_rows)))


def last_rows_note(row_count: int, max_rows: int) -> None:
    """Say that only the last rows are listed, where a list is full."""
    if row_count == max_rows:
        st.caption(_("The last {n} are listed: narrow the filters to see others.").format(n=formats.number(max_rows)))
