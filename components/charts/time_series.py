"""Line charts by day, with the lines' names at their ends."""

from datetime import date
from functools import cache
from typing import NamedTuple, TypeVar

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.interaction import filter_on_click, nearest_day_layer
from components.charts.theme import (
    MAX_DAY_TICKS,
    MAX_DAYS_SHOWING_TODAY,
    MIN_DAYS_FOR_WEEKLY_MEAN,
    NAMED_DATA,
    DayAxisOptions,
    Spec,
    count_axis,
    day_axis,
    palette_colour,
    to_spec,
)
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.text.metric_text import NO_VALUE
from otklik.i18n import _, current_language, formats

CHART_HEIGHT = 270
T = TypeVar("T")


class LineSeries(NamedTuple):
    """A column to draw: its label, the colour's name in the palette, the lengths of dash and gap in pixels."""

    column: str
    label: str
    colour: str
    dash: tuple[int, int] = (1, 0)


@cached_render
def build_line_chart(
    daily: pd.DataFrame, series: tuple[LineSeries, ...], alt_text: str, running_day: date | None = None
) -> Chart | None:
    """Build a chart with a line per series; None (and an empty state) where all values are 0.

    `daily`: day and the columns of the series, one row per day, in order. A long period is drawn as means of 7 days,
    with the days faint behind them. Counts of `running_day` still grow, so the lines end the day before it.
    """
    columns = [line.column for line in series]
    if daily.empty or not float(daily[columns].to_numpy().sum()):
        empty_state()
        return None
    weekly = len(daily) > MIN_DAYS_FOR_WEEKLY_MEAN
    rows = daily.assign(date=[formats.day(day) for day in daily["day"]])
    complete_days = pd.Series(True, rows.index)  # noqa: FBT003 -- a value for every day
    if running_day and len(rows) > MAX_DAYS_SHOWING_TODAY:
        complete_days = rows["day"] < running_day
    for column in columns:
        rows[column] = rows[column].astype(float).where(complete_days)
        rows[f"{column}_line"] = rows[column].rolling(7).mean() if weekly else rows[column]
    is_last_day = complete_days & ~complete_days.shift(-1, fill_value=False)
    max_value = float(rows[columns].to_numpy(na_value=0.0).max())
    end_values = {column: float(rows.loc[is_last_day, f"{column}_line"].iloc[0]) for column in columns}
    for column, label_height in spread_labels(end_values, 0.09 * max_value).items():
        rows[f"{column}_label"] = pd.Series(label_height, rows.index).where(is_last_day)
    if weekly:
        st.caption(_("Thick: the mean of 7 days"))
    axis_options = DayAxisOptions(
        24 + 8 * max(len(line.label) for line in series), len(daily) // MAX_DAY_TICKS + 1, weekly
    )
    return Chart(rows, line_chart_spec(current_language(), series, axis_options), CHART_HEIGHT, alt_text)


def spread_labels(heights: dict[T, float], min_gap: float) -> dict[T, float]:
    """Move heights up so that each is at least `min_gap` above the next lower one, and none is below zero."""
    placed: dict[T, float] = {}
    floor = 0.0
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        placed[name] = max(height, floor)
        floor = placed[name] + min_gap
    return placed


@cache
def line_chart_spec(language: str, series: tuple[LineSeries, ...], axis_options: DayAxisOptions) -> Spec:
    """Lines with their names at the ends, and a tooltip with all values of the day nearest to the pointer."""
    base = alt.Chart(NAMED_DATA).encode(x=day_axis(axis_options, show_labels=True))
    layers: list[alt.Chart] = []
    for line in series:
        colour = palette_colour(line.colour)
        if axis_options.weekly:
            layers.append(base.mark_line(strokeWidth=1, opacity=0.2).encode(y=f"{line.column}:Q", color=colour))
        layers += [
            base.mark_line(strokeWidth=2.5, strokeDash=list(line.dash)).encode(
                y=alt.Y(f"{line.column}_line:Q", axis=count_axis()), color=colour
            ),
            base.mark_text(align="left", dx=6, fontWeight=600).encode(
                y=f"{line.column}_label:Q", text=alt.datum(line.label), color=colour
            ),
        ]
    tooltips = [alt.Tooltip(f"{line.column}:Q", title=line.label, format=",.0f") for line in series]
    hover_layer = nearest_day_layer(base, [alt.Tooltip("date:N", title=" "), *tooltips])
    return to_spec(alt.layer(*layers, hover_layer, data=NAMED_DATA), language)


def received_closed_on_time_chart(daily: pd.DataFrame, running_day: date) -> None:
    """Show the appeals received, closed, and closed by the deadline, by day; a click sets the period to a day.

    `daily`: queries.resolution.performance.flow_by_day.
    """
    series: tuple[LineSeries, ...] = (
        LineSeries("received", _("received"), "received"),
        LineSeries("closed", _("closed"), "closed", (6, 3)),
        LineSeries("on_time", _("by the deadline"), "good", (2, 2)),
    )
    totals = {
        line.column: formats.number(daily[line.column].sum()) if line.column in daily else NO_VALUE for line in series
    }
    series = tuple(line for line in series if line.column in daily)
    template = _("{received} received, {closed} closed, {on_time} of them by the deadline")
    show_chart(build_line_chart(daily, series, template.format(**totals), running_day), **filter_on_click("day", "day"))


def backlog_chart(daily: pd.DataFrame) -> None:
    """Show the open and the overdue appeals at the end of each day; a click sets the period to a day.

    `daily`: queries.queue.open_counts.backlog_by_day.
    """
    series: tuple[LineSeries, ...] = (
        LineSeries("open", _("open"), "received"),
        LineSeries("overdue", _("overdue"), "bad", (6, 3)),
    )
    summary = "" if daily.empty else _("{before} open at first, {after} at the end, {overdue} of them overdue")
    if summary:
        first, last = daily.iloc[0], daily.iloc[-1]
        summary = summary.format(
            before=formats.number(first["open"]),
            after=formats.number(last["open"]),
            overdue=formats.number(last["overdue"]) if "overdue" in daily else NO_VALUE,
        )
    series = tuple(line for line in series if line.column in daily)
    show_chart(build_line_chart(daily, series, summary), **filter_on_click("day", "day", "backlog"))
