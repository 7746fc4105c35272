"""The overview's charts: received and closed by day, received by hour, rankings by topic and territory."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.charts import alt_text
from components.charts.chart import Chart, show_chart
from components.charts.interaction import filter_on_click
from components.charts.theme import (
    MAX_DAY_TICKS,
    MAX_DAYS_SHOWING_TODAY,
    MIN_DAYS_FOR_WEEKLY_MEAN,
    DayAxisOptions,
    name_column_width,
)
from components.layout.empty_state import empty_state
from components.overview import chart_specs
from components.tiles.kpi_tile import trailing_empty_days
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.summaries.received_today import ReceivedToday

MAX_ROWS = 10  # of a ranking
LOW_RATE_MARGIN = 0.10  # a rate lower by more than this than that of all rows together is marked


def received_closed_chart(daily: pd.DataFrame, running_day: date) -> None:
    """Show received and closed by day, and below them the backlog up to now.

    `daily`: queries.overview.flow_by_day. `running_day`: see `received_closed_rows`.
    """
    if not int(daily["received"].sum() + daily["closed"].sum()):
        empty_state()
        return
    charts, notes = build_daily_charts(daily, running_day)
    if notes:
        st.caption(" · ".join(notes))
    flow_chart, backlog_chart = charts
    show_chart(flow_chart, **filter_on_click("day", "day"))
    show_chart(backlog_chart, **filter_on_click("day", "day", "backlog"))


def build_daily_charts(daily: pd.DataFrame, running_day: date) -> tuple[list[Chart], list[str]]:
    """Build the charts of `received_closed_chart`, and notes to show with them."""
    quiet_days = trailing_empty_days(daily["received"].tolist())
    is_past = daily["day"].iloc[-1] < running_day
    daily = daily.head(len(daily) - quiet_days)
    weekly = len(daily) > MIN_DAYS_FOR_WEEKLY_MEAN
    rows = daily.assign(date=[formats.day(day) for day in daily["day"]])
    labels = (_("received"), _("closed"))
    open_label = _("{n} open").format(n=formats.number(daily["backlog"].iloc[-1]))
    label_width = 16 + 7 * max(map(len, (*labels, open_label)))
    axis_options = DayAxisOptions(label_width, len(daily) // MAX_DAY_TICKS + 1, weekly)
    notes = [_("Thick: the mean of 7 days")] if weekly else []
    notes += backlog_notes(daily, running_day)
    if quiet_days:
        # Of a period that has ended nothing is known after it.
        note = (
            _("In these days nothing was received after {day}")
            if is_past
            else _("Nothing has been received since {day}")
        )
        notes.append(note.format(day=rows["date"].iloc[-1]))
    flow_rows = received_closed_rows(rows, running_day, weekly=weekly)
    backlog_rows = rows.assign(height=last_value_only(rows["backlog"]), label=open_label)
    return [
        Chart(
            flow_rows,
            chart_specs.received_closed_spec(current_language(), labels, axis_options),
            200,
            alt_text.received_closed_summary(daily),
        ),
        Chart(
            backlog_rows,
            chart_specs.backlog_spec(current_language(), _("open"), axis_options),
            110,
            alt_text.backlog_summary(daily),
        ),
    ], notes


def backlog_notes(daily: pd.DataFrame, running_day: date) -> list[str]:
    """Which backlogs of past days weren't recorded then; none where all were, or for other rows than those of days."""
    past_days = daily[daily["day"] < running_day] if "recorded" in daily else daily.head(0)
    unrecorded: list[date] = (
        past_days.loc[~past_days["recorded"].astype(bool), "day"].tolist() if len(past_days) else []
    )
    if not unrecorded:
        return []
    if len(unrecorded) == len(past_days):
        return [_("Backlog of past days: counted back from today, with appeals re-opened since")]
    note = _("Backlog up to {day}: counted back from today, with appeals re-opened since")
    return [note.format(day=formats.day(unrecorded[-1]))]


def received_closed_rows(daily: pd.DataFrame, running_day: date, *, weekly: bool) -> pd.DataFrame:
    """Add the lines to draw (means of 7 days with `weekly`) and the heights of their labels to each day.

    In periods of more than two days, `running_day` has no point: its low counts so far would look like a drop.
    """
    rows = daily.copy()
    is_complete = rows["day"] < running_day if len(rows) > MAX_DAYS_SHOWING_TODAY else rows["day"].notna()
    for column in ("received", "closed"):
        rows[column] = rows[column].astype(float).where(is_complete)
        rows[f"{column}_line"] = rows[column].rolling(7).mean() if weekly else rows[column]
    received, closed = (float(rows.loc[is_complete, f"{column}_line"].iloc[-1]) for column in ("received", "closed"))
    is_last = is_complete & ~is_complete.shift(-1, fill_value=False)
    min_gap = 0.11 * float(rows[["received", "closed"]].to_numpy(na_value=0.0).max())
    for column, label_height in zip(("received", "closed"), separate_labels(received, closed, min_gap), strict=True):
        rows[f"{column}_label"] = pd.Series(label_height, rows.index).where(is_last)
    return rows


def separate_labels(a: float, b: float, min_gap: float) -> tuple[float, float]:
    """Move two heights apart until `min_gap` lies between them; both go up if the lower one would be below zero."""
    shift = max(0.0, min_gap - abs(a - b)) / 2
    upper, lower = (a, b) if a >= b else (b, a)
    lift = max(0.0, shift - lower)
    upper, lower = upper + shift + lift, lower - shift + lift
    return (upper, lower) if a >= b else (lower, upper)


def last_value_only(values: pd.Series) -> pd.Series:
    """Replace all values but the last one by NaN."""
    return values.astype(float).where(values.index == values.index[-1])


def hourly_chart(received: "ReceivedToday") -> None:
    """Show the appeals received today by the hour, and what is usual for such a day.

    `received`: queries.summaries.received_today.received_by_hour.
    """
    rows = received.by_hour
    if not float(rows["today"].sum() + rows["usual_high"].sum()):
        empty_state(_("Nothing has arrived today, nor on such days before."))
        return
    summary = alt_text.hourly_summary(received)
    legend_text = _("bars: today, hollow while the hour goes on")
    if received.usual_by_now is not None:
        usual_text = _("grey: usual (10–90% of {n} such days)").format(n=received.base_days)
        legend_text = f"{legend_text}; {usual_text}"
    st.markdown(f"{summary} &nbsp;:small[:gray[{legend_text}]]")
    show_chart(
        Chart(
            rows.assign(clock=[f"{hour:02}:00" for hour in rows["hour"]]),
            chart_specs.hourly_spec(current_language(), (_("today"), _("Usual, at least"), _("Usual, at most"))),
            270,
            summary,
        )
    )


def ranking_chart(rows: pd.DataFrame, subject: str, filter_name: str) -> None:
    """Show members by appeals received, with their on-time rates; a click sets the filter `filter_name` to a code.

    `rows`: queries.overview.topic_ranking or queries.overview.territory_ranking. `subject`: what the rows are,
    translated. A rate far below that of all rows is marked; one over few cases is grey and never marked.
    """
    if rows.empty:
        empty_state()
        return
    chart, notes = build_ranking_chart(rows, subject)
    show_chart(chart, **filter_on_click(filter_name))
    if notes:
        st.caption(" · ".join(notes))


def build_ranking_chart(rows: pd.DataFrame, subject: str) -> tuple[Chart, list[str]]:
    """Build the chart of `ranking_chart` from at least one row, and notes to show with it."""
    hidden_count = len(rows) - MAX_ROWS
    rows = rows.head(MAX_ROWS)
    total_due = int(rows["due"].sum())
    low_rate = int(rows["met"].sum()) / total_due - LOW_RATE_MARGIN if total_due else 0.0
    is_low = ~rows["small"] & (rows["on_time_rate"] < low_rate)
    chart_rows = rows.assign(
        amount=[formats.number(n) for n in rows["received"]],
        reach=int(rows["received"].max()) * 1.55,
        rate=[
            format_on_time_rate(int(met), int(due), few=bool(few), low=bool(low))
            for met, due, few, low in zip(rows["met"], rows["due"], rows["small"], is_low, strict=True)
        ],
        tone=pd.Series("ink", rows.index).mask(rows["small"], "muted").mask(is_low, "bad"),
    )
    notes = [_("▼ more than 10 points below the rate of all that are listed")] if is_low.any() else []
    notes += [_("Not shown: {n}.").format(n=formats.number(hidden_count))] if hidden_count > 0 else []
    spec = chart_specs.ranking_spec(
        current_language(), (_("Received"), _("On time")), name_column_width(rows["name"], chart_specs.NAMES_WIDTH)
    )
    return Chart(chart_rows, spec, 34 * len(rows) + 30, alt_text.ranking_summary(rows, subject)), notes


def format_on_time_rate(met: int, due: int, *, few: bool, low: bool) -> str:
    """An on-time rate as text, marked if `low`; with few or no cases, the numbers or a note instead."""
    if not due:
        return _("no deadlines")
    if few:
        return _("few: {part} of {whole}").format(part=formats.number(met), whole=formats.number(due))
    percentage = formats.percent(met / due, 1)
    return f"▼ {percentage}" if low else percentage
