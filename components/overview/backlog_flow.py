"""Whether the centre gains or loses on its backlog: the last week in words, and the weeks before as bars."""

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.interaction import CLICK_SELECTION, filter_on_click
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, count_axis, palette_colour, to_spec
from components.charts.weeks import week_rows
from components.filters.figure_link import figure_link, period_params
from components.layout.empty_state import empty_state
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.morning.backlog_flow import BacklogFlow

CHART_HEIGHT = 84


def backlog_flow(flow: "BacklogFlow") -> None:
    """Show queries.morning.backlog_flow.backlog_flow; a click on a week sets the period to it."""
    if flow.by_week.empty or not int(flow.by_week[["received", "closed"]].to_numpy().sum()):
        empty_state(_("No whole week has data yet."))
        return
    last_week = flow.by_week.iloc[-1]
    summary = flow_summary(flow)
    week_params = period_params(last_week["day"], last_week["last"])
    with st.container(gap="xsmall"):
        st.markdown(summary)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            figure_link(
                _("{n} received").format(n=formats.number(last_week["received"])),
                "regions",
                figure="received",
                **week_params,
            )
            figure_link(
                _("{n} closed").format(n=formats.number(last_week["closed"])), "regions", figure="closed", **week_params
            )
    show_chart(build_flow_chart(flow, summary), **filter_on_click("day", "day", "flow"))


def flow_summary(flow: "BacklogFlow") -> str:
    """Whether the backlog grew or shrank in the last week, beside what is usual, in words."""
    change = int(flow.by_week["change"].iloc[-1])
    changed = formats.signed_text(formats.number(change), change)
    if flow.usual is None:
        template = (
            _("The backlog grew by {n} in 7 days.")
            if change > 0
            else _("The backlog shrank by {n} in 7 days.")
            if change < 0
            else _("The backlog is as large as 7 days ago.")
        )
        return template.format(n=formats.number(abs(change)))
    low, high = (round(bound) for bound in flow.usual)
    template = (
        _("**Losing**: backlog {change} in 7 days, usually {low} to {high}")
        if change > high
        else _("**Gaining**: backlog {change} in 7 days, usually {low} to {high}")
        if change < low
        else _("**As usual**: backlog {change} in 7 days, usually {low} to {high}")
    )
    low_text, high_text = (formats.signed_text(formats.number(bound), bound) for bound in (low, high))
    return template.format(change=changed, low=low_text, high=high_text)


def build_flow_chart(flow: "BacklogFlow", summary: str) -> Chart:
    """Bars of what the backlog grew or shrank by in each week, over the band of what is usual."""
    low, high = flow.usual or (None, None)
    weeks = flow.by_week
    tones = pd.Series("muted", weeks.index)
    if flow.usual:
        tones = tones.mask(weeks["change"] > flow.usual[1], "bad").mask(weeks["change"] < flow.usual[0], "good")
    rows = week_rows(weeks).assign(low=low, high=high, tone=tones)
    labels = (_("Week"), _("Received"), _("Closed"), _("Backlog change"))
    return Chart(rows, flow_spec(current_language(), labels), CHART_HEIGHT, summary.replace("**", ""))


@cache
def flow_spec(language: str, labels: tuple[str, str, str, str]) -> Spec:
    """Bars by week over a band; a click selects the week's `day` and `last`."""
    base = alt.Chart(NAMED_DATA).encode(x=alt.X("day:O", axis=None))
    band = (
        base.mark_rect(opacity=0.35)
        .encode(x=alt.value(0), x2=alt.value("width"), y="low:Q", y2="high:Q", color=palette_colour("usual"))
        .transform_window(position="row_number()")
        .transform_filter("datum.position == 1 && isValid(datum.low)")
    )
    tooltip = [
        alt.Tooltip(f"{field}:{kind}", title=title)
        for (field, kind), title in zip(
            (("days", "N"), ("received", "Q"), ("closed", "Q"), ("change", "Q")), labels, strict=True
        )
    ]
    bars = (
        base.mark_bar(width={"band": 0.7}, cursor="pointer")
        .encode(
            y=alt.Y("change:Q", axis=count_axis(3)),
            color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
            tooltip=tooltip,
        )
        .add_params(alt.selection_point(name=CLICK_SELECTION, fields=["day", "last"]))
    )
    return to_spec(alt.layer(band, bars, data=NAMED_DATA), language)
