"""The table of appeals that are late or about to be."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_list
from components.tables import columns
from components.tables.column_types import Column
from components.tables.data_table import data_table
from components.tables.head_sort import HeadSort
from components.tables.row_limit import first_rows_note
from components.text.metric_text import NO_VALUE
from components.url.open_appeal import open_clicked_appeal
from otklik.actions.model import MAX_APPEALS
from otklik.i18n import _, durations

LateState = Literal["overdue", "at_risk", "untouched"]
HEAD_CLICKS_KEY = "late-heads"
MAX_ROWS_SHOWN = 11
TABLE_HEIGHT = 460  # pixels
# How dark the cell of the time is before the first threshold, from it on, and from the second; its text says the same.
STATE_OPACITIES = {"overdue": (0.10, 0.22, 0.36), "at_risk": (0.36, 0.22, 0.10)}
OPACITY_HOURS = {"overdue": (24, 24 * 7), "at_risk": (24, 24 * 3)}
STATE_COLOURS = {"overdue": "214, 64, 50", "at_risk": "222, 128, 32"}


def late_appeals_table(rows: pd.DataFrame, state: LateState, sort: str) -> None:
    """Appeals with the time over or left, darker the worse it is.

    `rows`: queries.overdue.late_appeals in the order `sort`. Runs the whole page again after a click on a head.
    """
    if rows.empty:
        empty_list(empty_message(state), "late")
        return
    click_counts: dict[str, int] = st.session_state.setdefault(HEAD_CLICKS_KEY, {"clicks": 0, "drawn": 0})

    def show_sorted() -> None:
        click_counts["clicks"] += 1

    if click_counts["drawn"] != click_counts["clicks"]:
        click_counts["drawn"] = click_counts["clicks"]
        st.rerun()
    clicked = data_table(
        rows,
        late_columns(columns.LATE),
        key=f"late-{state}-{click_counts['clicks']}",
        head_sort=HeadSort(sort, show_sorted),
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        click_key="late-number",
        alt_text=_("Late appeals"),
    )
    open_clicked_appeal(rows, clicked)
    first_rows_note(len(rows), MAX_APPEALS)


def empty_message(state: LateState) -> str:
    """The text in place of an empty list."""
    return {
        "overdue": _("Nothing is overdue with these filters."),
        "at_risk": _("Nothing is at risk with these filters."),
        "untouched": _("Nothing that was handed on lies untouched with these filters."),
    }[state]


def late_columns(widths: dict[str, int]) -> tuple[Column, ...]:
    """The columns of a list of late appeals, with the time over or left in words and colour."""
    return tuple(
        replace(column, texts=time_texts, styles=time_styles) if column.key == "time" else column
        for column in columns.columns_of(widths)
    )


def time_texts(rows: pd.DataFrame, as_of: datetime) -> list[str]:
    """The time over or left of each row."""
    return [
        NO_VALUE if h is None else durations.time_overdue(h) if h > 0 else durations.time_left(-h)
        for h in hours_overdue(rows, as_of)
    ]


def time_styles(rows: pd.DataFrame, as_of: datetime) -> list[str]:
    """The background of the time over or left of each row."""
    return ["" if h is None else f"background-color: {time_colour(h)}" for h in hours_overdue(rows, as_of)]


def hours_overdue(rows: pd.DataFrame, as_of: datetime) -> list[float | None]:
    """Hours past the deadline, negative before it, None without one."""
    return [None if pd.isna(at) else (as_of - at).total_seconds() / 3600 for at in rows["deadline_at"]]


def time_colour(hours: float) -> str:
    """The colour for a number of hours past a deadline; negative before it."""
    state = "overdue" if hours > 0 else "at_risk"
    step = sum(abs(hours) >= threshold for threshold in OPACITY_HOURS[state])
    return f"rgba({STATE_COLOURS[state]}, {STATE_OPACITIES[state][step]})"
