"""The table of appeals that are late or about to be."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_list
from components.palette import state_tint
from components.tables import columns
from components.tables.appeals import appeals_table
from components.tables.column_types import Column
from components.tables.head_sort import HeadSort
from components.tables.row_limit import first_rows_note
from components.text.appeal_state import STATE_SIGNS, none_late_message
from components.text.metric_text import NO_VALUE
from otklik.actions.model import MAX_APPEALS
from otklik.i18n import N_, _, durations

LateState = Literal["overdue", "at_risk", "untouched"]
HEAD_CLICKS_KEY = "late-heads"
TABLE_HEIGHT = 460  # pixels
# How strong the tint is before the first threshold, from it on, and from the second; the text says the same.
STATE_STRENGTHS = {"overdue": (0.4, 0.7, 1.2), "at_risk": (1.6, 1, 0.5)}
STRENGTH_HOURS = {"overdue": (24, 24 * 7), "at_risk": (24, 24 * 3)}
TIME_LABELS = {"overdue": N_("Time overdue"), "at_risk": N_("Time left")}


def late_appeals_table(rows: pd.DataFrame, state: LateState, sort: str) -> None:
    """Appeals with the time over or left, darker the worse it is.

    `rows`: queries.overdue.late_appeals in the order `sort`. Runs the whole page again after a click on a head.
    """
    if rows.empty:
        empty_list(empty_message(rows, state), "late")
        return
    click_counts: dict[str, int] = st.session_state.setdefault(HEAD_CLICKS_KEY, {"clicks": 0, "drawn": 0})

    def show_sorted() -> None:
        click_counts["clicks"] += 1

    if click_counts["drawn"] != click_counts["clicks"]:
        click_counts["drawn"] = click_counts["clicks"]
        st.rerun()
    appeals_table(
        rows,
        late_columns(columns.LATE, state),
        f"late-{state}-{click_counts['clicks']}",
        _("Overdue appeals and those at risk"),
        max_height=TABLE_HEIGHT,
        head_sort=HeadSort(sort, show_sorted),
    )
    first_rows_note(len(rows), MAX_APPEALS, heads_sort_all=True)


def empty_message(rows: pd.DataFrame, state: LateState) -> str:
    """The text in place of an empty list."""
    if state == "untouched":
        return _("With these filters, action has been taken on everything that was reassigned.")
    message = {
        "overdue": _("Nothing is overdue with these filters."),
        "at_risk": _("Nothing is at risk with these filters."),
    }[state]
    return none_late_message(rows, message)


def late_columns(widths: dict[str, int], late_state: LateState) -> tuple[Column, ...]:
    """The columns of a list of late appeals, with the time over or left in words, and its state by sign and colour.

    In a list of untouched ones, those that aren't overdue may be at risk or not, and have neither.
    """
    texts, styles = (partial(cells_of_time, late_state=late_state) for cells_of_time in (time_texts, time_styles))
    return tuple(
        replace(column, label=TIME_LABELS.get(late_state, column.label), texts=texts, styles=styles)
        if column.key == "time"
        else column
        for column in columns.columns_of(widths)
    )


def time_texts(rows: pd.DataFrame, as_of: datetime, late_state: LateState) -> list[str]:
    """The time over or left of each row, after the sign of its state."""
    return [
        NO_VALUE if h is None else f"{STATE_SIGNS['overdue']} {durations.time_overdue(h)}" if h > 0
        else f"{STATE_SIGNS.get(late_state, '')} {durations.time_left(-h)}".strip()
        for h in hours_overdue(rows, as_of)
    ]  # fmt: skip


def time_styles(rows: pd.DataFrame, as_of: datetime, late_state: LateState) -> list[str]:
    """The background of the time over or left of each row."""
    return [
        "" if h is None or (h <= 0 and late_state == "untouched") else f"background-color: {time_colour(h)}"
        for h in hours_overdue(rows, as_of)
    ]


def hours_overdue(rows: pd.DataFrame, as_of: datetime) -> list[float | None]:
    """Hours past the deadline, negative before it, None without one."""
    return [None if pd.isna(at) else (as_of - at).total_seconds() / 3600 for at in rows["deadline_at"]]


def time_colour(hours: float) -> str:
    """The colour for a number of hours past a deadline; negative before it."""
    state = "overdue" if hours > 0 else "at_risk"
    step = sum(abs(hours) >= threshold for threshold in STRENGTH_HOURS[state])
    return state_tint(state, STATE_STRENGTHS[state][step])
