"""Tables of the workload: where appeals are late, and who can take more. A click on a name narrows the page to it."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.tables.cell_click import code_click
from components.tables.column_types import Column
from components.tables.columns import COLUMNS, columns_named
from components.tables.data_table import data_table
from components.tables.league import name_width
from components.tables.row_limit import first_rows_note
from components.text.appeal_state import none_late_message
from components.url.page_filters import rerun_if_filtered, set_filters
from otklik.i18n import _, formats

MAX_ROWS_SHOWN = 8
MIN_NAME_WIDTH = 230  # pixels
MAX_CAPACITY_NAME_WIDTH = 280  # pixels, which leave room for three figures in half a laptop's width


def lateness_table(rows: pd.DataFrame, name_title: str, filter_name: str, max_rows: int) -> None:
    """One row a name with its overdue, at-risk and open appeals, most overdue first.

    `rows`: queries.overdue.late_by_dimension, at most `max_rows`. A click sets the filter of this name.
    """
    if rows.empty:
        empty_state(none_late_message(rows, _("Nothing is overdue or at risk with these filters.")))
        return
    name_column = replace(COLUMNS["name"], title=name_title, width=name_width(rows["name"], MIN_NAME_WIDTH))
    columns = (name_column, *columns_named("overdue", "at_risk", "open"))
    alt_text = _("{what}: most overdue first").format(what=name_title)
    _narrowing_table(rows, columns, filter_name, f"late-{filter_name}", alt_text)
    first_rows_note(len(rows), max_rows)


def capacity_table(rows: pd.DataFrame, days: float, filter_name: str) -> None:
    """One row an organisation with room: room, open, and closed a day.

    `rows` and `days`: queries.summaries.capacity.organisation_capacity. A click sets the filter of this name.
    """
    if rows.empty:
        empty_state(_("Nobody who answered such appeals lately has room for more."))
        return
    name_column = replace(
        COLUMNS["name"],
        title=COLUMNS["organisation"].heading(),
        width=min(name_width(rows["name"], MIN_NAME_WIDTH), MAX_CAPACITY_NAME_WIDTH),
    )
    # As many as fit beside another table on a laptop: what the room is made of.
    columns = (name_column, *columns_named("room", "open", "closed_a_day"))
    alt_text = _("Organisations with room for more such appeals, the most room first")
    _narrowing_table(rows, columns, filter_name, f"capacity-{filter_name}", alt_text)
    note = _(
        "Who closed such appeals here in the last 90 days, and how many more it could close by the deadline: what it "
        "closed a day in the last 28 days (seven at least in all), times {days} to the deadline, less what it has open."
    )
    st.caption(note.format(days=formats.days(days)))


def _narrowing_table(
    rows: pd.DataFrame, columns: tuple[Column, ...], filter_name: str, key: str, alt_text: str
) -> None:
    data_table(
        rows,
        columns,
        key=key,
        max_rows_shown=MAX_ROWS_SHOWN,
        cell_click=code_click(list(rows["code"]), lambda code: set_filters(**{filter_name: code})),
        alt_text=alt_text,
    )
    rerun_if_filtered()
