"""Lines over days with their names at their ends; a day that still goes on is left out of what flows."""

from datetime import date
from functools import cache
from typing import NamedTuple, TypeVar

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Drawing, put
from components.charts.theme import DATA, Days, Spec, along, finish, tint, whole
from components.filters.chips import clickable
from components.layout.panel import empty
from components.overview.chart_specs import nearest_day
from components.overview.charts import FEW_DAYS, TICKS, WEEKLY
from components.render_cache import replayed
from otklik.i18n import _, current, formats

HEIGHT = 270
T = TypeVar("T")


class Line(NamedTuple):
    """A column to draw: its word, its colour's name, its dashes."""

    column: str
    word: str
    colour: str
    dash: tuple[int, int] = (1, 0)


@replayed
def lines(
    daily: pd.DataFrame, drawn: tuple[Line, ...], alt_text: str, unfinished: date | None = None
) -> Drawing | None:
    """One line a column over `day`; over many days the mean of a week, the days faint behind it.

    Counts of the day `unfinished` (today) are still growing: their lines end the day before.
    """
    columns = [one.column for one in drawn]
    if daily.empty or not float(daily[columns].to_numpy().sum()):
        empty()
        return None
    weekly = len(daily) > WEEKLY
    rows = daily.assign(date=[formats.day(day) for day in daily["day"]])
    drawn_days = pd.Series(True, rows.index)  # noqa: FBT003 -- every day
    if unfinished and len(rows) > FEW_DAYS:
        drawn_days = rows["day"] < unfinished
    for name in columns:
        rows[name] = rows[name].astype(float).where(drawn_days)
        rows[f"{name}_line"] = rows[name].rolling(7).mean() if weekly else rows[name]
    last = drawn_days & ~drawn_days.shift(-1, fill_value=False)
    tops = float(rows[columns].to_numpy(na_value=0.0).max())
    ends = {name: float(rows.loc[last, f"{name}_line"].iloc[0]) for name in columns}
    for name, height in spread(ends, 0.09 * tops).items():
        rows[f"{name}_label"] = pd.Series(height, rows.index).where(last)
    if weekly:
        st.caption(_("Thick: the mean of 7 days"))
    days = Days(24 + 8 * max(len(one.word) for one in drawn), len(daily) // TICKS + 1, weekly)
    return Drawing(rows, chart(current(), drawn, days), HEIGHT, alt_text)


def spread(heights: dict[T, float], room: float) -> dict[T, float]:
    """Heights of labels moved up so far that each has room above the one below it; none below zero."""
    placed: dict[T, float] = {}
    floor = 0.0
    for name, height in sorted(heights.items(), key=lambda one: one[1]):
        placed[name] = max(height, floor)
        floor = placed[name] + room
    return placed


@cache
def chart(language: str, drawn: tuple[Line, ...], days: Days) -> Spec:
    """The lines, their names at the ends, and all their numbers of the day under the pointer."""
    base = alt.Chart(DATA).encode(x=along(days, labels=True))
    layers: list[alt.Chart] = []
    for one in drawn:
        colour = tint(one.colour)
        if days.weekly:
            layers.append(base.mark_line(strokeWidth=1, opacity=0.2).encode(y=f"{one.column}:Q", color=colour))
        layers += [
            base.mark_line(strokeWidth=2.5, strokeDash=list(one.dash)).encode(
                y=alt.Y(f"{one.column}_line:Q", axis=whole()), color=colour
            ),
            base.mark_text(align="left", dx=6, fontWeight=600).encode(
                y=f"{one.column}_label:Q", text=alt.datum(one.word), color=colour
            ),
        ]
    numbers = [alt.Tooltip(f"{one.column}:Q", title=one.word, format=",.0f") for one in drawn]
    over = nearest_day(base, [alt.Tooltip("date:N", title=" "), *numbers])
    return finish(alt.layer(*layers, over, data=DATA), language)


def resolved(daily: pd.DataFrame, today: date) -> None:
    """Received, closed, and closed by the deadline; a click narrows to a day.

    `daily`: day, received, closed, on_time.
    """
    drawn = (
        Line("received", _("received"), "received"),
        Line("closed", _("closed"), "closed", (6, 3)),
        Line("on_time", _("by the deadline"), "good", (2, 2)),
    )
    said = _("{received} received, {closed} closed, {on_time} of them by the deadline")
    totals = {one.column: formats.number(daily[one.column].sum()) for one in drawn}
    put(lines(daily, drawn, said.format(**totals), today), **clickable("day", "day"))


def backlog(daily: pd.DataFrame) -> None:
    """Open and overdue at the end of each day; a click narrows to a day. `daily`: day, open, overdue."""
    drawn = (Line("open", _("open"), "received"), Line("overdue", _("overdue"), "bad", (6, 3)))
    said = "" if daily.empty else _("{before} open at first, {after} at the end, {overdue} of them overdue")
    if said:
        first, last = daily.iloc[0], daily.iloc[-1]
        said = said.format(
            before=formats.number(first["open"]),
            after=formats.number(last["open"]),
            overdue=formats.number(last["overdue"]),
        )
    put(lines(daily, drawn, said), **clickable("day", "day", "backlog"))
