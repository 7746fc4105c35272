"""Tables of appeals that are late or about to be, and of those with a point on the map."""

from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st
from babel.units import format_unit
from pandas.io.formats.style import Styler

from components.layout.panel import empty
from components.render_cache import replayed
from otklik.i18n import _, formats

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
POINT = {"channel": 142, "lat": 80, "lon": 80}  # besides, of those with a point on the map
MOST = 200  # rows that are listed
TALL = 460
# From hours or days on: how dark the cell of the time is. The words beside say the same.
DARKER = {"overdue": (0.10, 0.22, 0.36), "at_risk": (0.36, 0.22, 0.10)}
STEPS = {"overdue": (24, 24 * 7), "at_risk": (24, 24 * 3)}
INK = {"overdue": "214, 64, 50", "at_risk": "222, 128, 32"}


def late(rows: pd.DataFrame, state: Literal["overdue", "at_risk", "untouched"]) -> None:
    """Appeals with the time over or left in words, darker the worse it is.

    `rows`: number, topic, territory, organisation, status, received_at and deadline_at (local).
    """
    # To the minute: what says the same isn't built again.
    listed(rows, state, datetime.now(UTC).replace(second=0, microsecond=0))


@replayed
def listed(rows: pd.DataFrame, state: Literal["overdue", "at_risk", "untouched"], now: datetime) -> None:
    """The same as of a moment."""
    if rows.empty:
        empty(nothing(state))
        return
    st.dataframe(
        dressed(rows, now, list(WIDTHS)),
        key=f"late-{state}",
        hide_index=True,
        height="content" if len(rows) < 12 else TALL,  # noqa: PLR2004 -- what fits on a laptop's screen
        column_config=columns(),
        alt=_("Overdue appeals, the longest first")
        if state == "overdue"
        else _("Appeals at risk, the nearest deadline first"),
    )
    if len(rows) == MOST:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(MOST)))


def nothing(state: str) -> str:
    """Words for an empty list."""
    return {
        "overdue": _("Nothing is overdue with these filters."),
        "at_risk": _("Nothing is at risk with these filters."),
        "untouched": _("Nothing that was handed on lies untouched with these filters."),
    }[state]


def dressed(rows: pd.DataFrame, now: datetime, column_names: list[str]) -> Styler:
    """The rows in words, with the time over or left as of a moment, darker the worse it is."""
    hours = [None if at is None else (now - at).total_seconds() / 3600 for at in rows["deadline_at"]]
    display_rows = shared(rows).assign(
        time=["—" if h is None else over(h) if h > 0 else left(-h) for h in hours],
        deadline=["—" if at is None else formats.moment(at) for at in rows["deadline_at"]],
    )[column_names]
    cell_styles = ["" if h is None else f"background-color: {shade(h)}" for h in hours]
    return display_rows.style.apply(lambda _column: cell_styles, subset=["time"])


def shade(hours: float) -> str:
    """The colour of so many hours past a deadline, or (less than none) before it."""
    state = "overdue" if hours > 0 else "at_risk"
    step = sum(abs(hours) >= threshold for threshold in STEPS[state])
    return f"rgba({INK[state]}, {DARKER[state][step]})"


@replayed
def points(rows: pd.DataFrame) -> None:
    """Open appeals with their place on the map, newest first. `rows`: as `late`, with lon and lat."""
    if rows.empty:
        empty(_("No open appeal has a point on the map with these filters."))
        return
    display_rows = shared(rows).assign(
        lon=[formats.number(x, 4) for x in rows["lon"]], lat=[formats.number(y, 4) for y in rows["lat"]]
    )
    st.dataframe(
        display_rows[["number", "topic", "territory", "lat", "lon", "status", "channel", "received", "organisation"]],
        key="points",
        hide_index=True,
        height="content" if len(rows) < 12 else TALL,  # noqa: PLR2004 -- the same
        column_config=columns(),
        alt=_("Open appeals with a point on the map, newest first"),
    )
    if len(rows) == MOST:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(MOST)))


def shared(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the moment of the receipt as it is written."""
    return rows.assign(received=[formats.moment(at) for at in rows["received_at"]])


def columns() -> dict[str, Any]:
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
    return {name: st.column_config.TextColumn(title, width=(WIDTHS | POINT)[name]) for name, title in titles.items()}


def over(hours: float) -> str:
    """How long a deadline has been over."""
    return _("overdue by {time}").format(time=lasting(hours))


def left(hours: float) -> str:
    """How long there is until a deadline."""
    return _("{time} left").format(time=lasting(hours))


def lasting(hours: float) -> str:
    """A duration in whole days, below one in whole hours, below one in minutes: `3 days`, `5 hr`, `12 min`."""
    minutes = max(1, int(hours * 60))
    days, whole_hours = minutes // (24 * 60), minutes // 60
    n, unit, length = (
        (days, "day", "long")
        if days
        else (whole_hours, "hour", "short")
        if whole_hours
        else (minutes, "minute", "short")
    )
    return format_unit(n, f"duration-{unit}", length, locale=formats.here())  # type: ignore[arg-type]
