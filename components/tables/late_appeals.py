"""Tables of appeals that are late or about to be, and of those with a point on the map."""

from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.tables.shown_table import show_table
from otklik.i18n import _, durations, formats

WIDTHS = {
    "time": 162,
    "number": 112,
    "topic": 190,
    "territory": 132,
    "organisation": 315,
    "status": 120,
    "received": 106,
    "deadline": 106,
}
POINT_WIDTHS = {"channel": 142, "lat": 80, "lon": 80}  # besides, of those with a point on the map
MAX_ROWS = 200  # rows that are listed
TABLE_HEIGHT = 460
# From hours or days on: how dark the cell of the time is. The words beside say the same.
STATE_OPACITIES = {"overdue": (0.10, 0.22, 0.36), "at_risk": (0.36, 0.22, 0.10)}
OPACITY_HOURS = {"overdue": (24, 24 * 7), "at_risk": (24, 24 * 3)}
STATE_COLOURS = {"overdue": "214, 64, 50", "at_risk": "222, 128, 32"}


def late_appeals_table(rows: pd.DataFrame, state: Literal["overdue", "at_risk", "untouched"]) -> None:
    """Appeals with the time over or left in words, darker the worse it is.

    `rows`: number, topic, territory, organisation, status, received_at and deadline_at (local).
    """
    # To the minute: what says the same isn't built again.
    late_appeals_table_as_of(rows, state, datetime.now(UTC).replace(second=0, microsecond=0))


@cached_render
def late_appeals_table_as_of(
    rows: pd.DataFrame, state: Literal["overdue", "at_risk", "untouched"], now: datetime
) -> None:
    """The same as of a moment."""
    if rows.empty:
        empty_state(empty_message(state))
        return
    show_table(
        format_late_rows(rows, now, list(WIDTHS)),
        key=f"late-{state}",
        hide_index=True,
        height="content" if len(rows) < 12 else TABLE_HEIGHT,
        column_config=column_config(),
        alt=_("Overdue appeals, the longest first")
        if state == "overdue"
        else _("Appeals at risk, the nearest deadline first"),
    )
    if len(rows) == MAX_ROWS:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(MAX_ROWS)))


def empty_message(state: str) -> str:
    """Words for an empty list."""
    return {
        "overdue": _("Nothing is overdue with these filters."),
        "at_risk": _("Nothing is at risk with these filters."),
        "untouched": _("Nothing that was handed on lies untouched with these filters."),
    }[state]


def format_late_rows(rows: pd.DataFrame, now: datetime, column_names: list[str]) -> Styler:
    """The rows in words, with the time over or left as of a moment, darker the worse it is."""
    hours = [None if at is None else (now - at).total_seconds() / 3600 for at in rows["deadline_at"]]
    display_rows = format_received(rows).assign(
        time=["—" if h is None else durations.time_overdue(h) if h > 0 else durations.time_left(-h) for h in hours],
        deadline=["—" if at is None else formats.moment(at) for at in rows["deadline_at"]],
    )[column_names]
    cell_styles = ["" if h is None else f"background-color: {time_cell_colour(h)}" for h in hours]
    return display_rows.style.apply(lambda _column: cell_styles, subset=["time"])


def time_cell_colour(hours: float) -> str:
    """The colour of so many hours past a deadline, or (less than none) before it."""
    state = "overdue" if hours > 0 else "at_risk"
    step = sum(abs(hours) >= threshold for threshold in OPACITY_HOURS[state])
    return f"rgba({STATE_COLOURS[state]}, {STATE_OPACITIES[state][step]})"


@cached_render
def located_appeals_table(rows: pd.DataFrame) -> None:
    """Open appeals with their place on the map, newest first. `rows`: as `late`, with lon and lat."""
    if rows.empty:
        empty_state(_("No open appeal has a point on the map with these filters."))
        return
    display_rows = format_received(rows).assign(
        lon=[formats.number(x, 4) for x in rows["lon"]], lat=[formats.number(y, 4) for y in rows["lat"]]
    )
    show_table(
        display_rows[["number", "topic", "territory", "lat", "lon", "status", "channel", "received", "organisation"]],
        key="points",
        hide_index=True,
        height="content" if len(rows) < 12 else TABLE_HEIGHT,
        column_config=column_config(),
        alt=_("Open appeals with a point on the map, newest first"),
    )
    if len(rows) == MAX_ROWS:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(MAX_ROWS)))


def format_received(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the moment of the receipt as it is written."""
    return rows.assign(received=[formats.moment(at) for at in rows["received_at"]])


def column_config() -> dict[str, Any]:
    """What the columns are called, and how wide they are."""
    titles = {
        "time": _("Time"),
        "number": _("Number"),
        "topic": _("Topic"),
        "territory": _("Territory"),
        "organisation": _("Organisation"),
        "status": _("Status"),
        "channel": _("Channel"),
        "received": _("Received"),
        "deadline": _("Deadline"),
        "lat": _("Latitude"),
        "lon": _("Longitude"),
    }
    return {
        name: st.column_config.TextColumn(title, width=(WIDTHS | POINT_WIDTHS)[name]) for name, title in titles.items()
    }
