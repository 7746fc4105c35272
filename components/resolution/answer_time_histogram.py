"""A histogram of answer times in days, with the median, the 90th percentile and the target marked."""

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.theme import NAMED_DATA, Spec, count_axis, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

CHART_HEIGHT = 270


@cached_render
def answer_time_chart(rows: pd.DataFrame, percentiles: tuple[float | None, ...], mean_metric: "Metric") -> None:
    """Show the appeals by days from receipt to answer; the last bar has all slower ones.

    `rows`: queries.resolution.performance.answer_time_histogram. `percentiles`:
    queries.resolution.performance.answer_time_percentiles. `mean_metric`: the metric whose target is marked.
    """
    target = mean_metric.target or 0.0
    median, p90 = percentiles
    if median is None or p90 is None:
        empty_state(_("Nothing was closed in these days with these filters."))
        return
    last_day = int(rows["day"].iloc[-1])
    summary = _("Half were answered within {median}, 90% within {slowest}; the target for the mean is {target}").format(
        median=formats.days(median), slowest=formats.days(p90), target=formats.days(target)
    )
    st.caption(summary)
    chart_rows = rows.assign(
        next=rows["day"] + 1,
        middle=rows["day"] + 0.5,
        amount=[_("about {n}").format(n=formats.number(n)) for n in rows["appeals"].round()],
        span=[
            _("day {n}").format(n=formats.number(day + 1))
            if day < last_day
            else _("after {n} days").format(n=formats.number(last_day))
            for day in rows["day"]
        ],
    )
    chart_rows["at"] = pd.Series([min(median, last_day + 0.5), min(p90, last_day + 0.5), target], rows.index[:3])
    chart_rows["word"] = pd.Series([_("half"), _("90%"), _("target")], rows.index[:3])
    labels = (_("days after the receipt"), _("appeals"))
    show_chart(Chart(chart_rows, answer_time_spec(current_language(), labels, last_day), CHART_HEIGHT, summary))


@cache
def answer_time_spec(language: str, labels: tuple[str, str], last_day: int) -> Spec:
    """Bars one day wide, and dashed rules with their labels at the top."""
    base = alt.Chart(NAMED_DATA)
    x = alt.X(
        "day:Q",
        bin="binned",
        scale=alt.Scale(domain=[0, last_day + 1], nice=False),
        axis=alt.Axis(title=labels[0], values=list(range(0, last_day + 1, 5)), format="d", grid=False),
    )
    tooltip = [alt.Tooltip("span:N", title=" "), alt.Tooltip("amount:N", title=labels[1])]
    bar_layer = base.mark_bar(binSpacing=1, opacity=0.85).encode(
        x=x, x2="next:Q", y=alt.Y("appeals:Q", axis=count_axis()), color=palette_colour("received"), tooltip=tooltip
    )
    marked_rows = base.transform_filter("isValid(datum.at)")
    marked_rows = marked_rows.transform_window(row="row_number()")
    layers: list[alt.Chart] = []
    for row in range(3):
        # Each rule starts at the height of its own label, so that it crosses no other label.
        top, mark_base = (
            4 + 17 * row,
            marked_rows.transform_filter(f"datum.row == {row + 1}").encode(x="at:Q", color=palette_colour("ink")),
        )
        layers += [
            mark_base.mark_rule(strokeDash=[5, 3], strokeWidth=1.5).encode(y=alt.value(top), y2=alt.value("height")),
            mark_base.mark_text(align="left", dx=5, fontWeight=600, baseline="top").encode(
                y=alt.value(top), text="word:N"
            ),
        ]
    return to_spec(alt.layer(bar_layer, *layers, data=NAMED_DATA), language)
