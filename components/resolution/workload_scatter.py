"""A scatter plot of organisations: the overdue share against the number of open appeals."""

from collections.abc import Hashable
from functools import cache
from math import log2

import altair as alt
import pandas as pd
import streamlit as st

from components.charts import label_placement
from components.charts.chart import Chart, show_chart
from components.charts.interaction import CLICK_SELECTION, filter_on_click
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.text.appeal_state import none_late_message
from components.text.escape import escape_markdown
from otklik.i18n import _, current_language, formats
from otklik.small_numbers import MIN_CASES

MAX_NAMED = 3  # organisations labelled in the plot
CHART_HEIGHT = 380  # pixels
PLOT_SIZE = label_placement.PlotSize(500, 310)  # inside the axes, on a laptop's screen


def workload_chart(rows: pd.DataFrame) -> None:
    """Show one point per organisation; a click on a point filters the page by the organisation.

    `rows`: queries.resolution.performance.workload_by_organisation.
    """
    show_chart(build_workload_chart(rows), **filter_on_click("organisation", key="load"))


@cached_render
def build_workload_chart(rows: pd.DataFrame) -> Chart | None:
    """Build the plot, few cases grey and the worst organisations labelled; None (and an empty state) without rows.

    `rows`: queries.resolution.performance.workload_by_organisation.
    """
    if rows.empty:
        empty_state(none_late_message(rows, _("Nothing is open with these filters.")))
        return None
    reliable = rows[~rows["small"]]
    worst_rows = reliable[reliable["overdue"] > 0].nlargest(MAX_NAMED, "overdue_share")
    chart_rows = rows.assign(
        tone=rows["small"].map({True: "muted", False: "received"}),
        size=rows["small"].map({True: 22, False: 75}),
        label=rows["name"],
        share=[formats.percent(share, 1) for share in rows["overdue_share"]],
    )
    chart_rows.loc[worst_rows.index, "tone"] = "bad"
    label_sides = label_placement.label_sides(
        point_positions(rows), [(index, str(name)) for index, name in worst_rows["name"].items()], PLOT_SIZE
    )
    chart_rows["side"] = pd.Series(label_sides, dtype=object).reindex(chart_rows.index)
    worst_row = worst_rows.iloc[0] if len(worst_rows) else None
    summary = (
        _("No organisation has enough appeals to compare")
        if reliable.empty
        else _("No organisation with enough appeals to compare has overdue ones")
        if worst_row is None
        else _("Most often late of those that can be compared: {name}, {share} of {n} open").format(
            name=worst_row["name"],
            share=formats.percent(worst_row["overdue_share"], 1),
            n=formats.number(worst_row["open"]),
        )
    )
    note = _("Grey: fewer than {n} open, too few to compare.").format(n=formats.number(MIN_CASES))
    st.caption(f"{escape_markdown(summary)}. {note}")
    labels = (_("open appeals; each step doubles"), _("overdue share"), _("Open"), _("Overdue"))
    return Chart(chart_rows, workload_spec(current_language(), labels), CHART_HEIGHT, summary)


def point_positions(rows: pd.DataFrame) -> dict[Hashable, tuple[float, float]]:
    """The positions of points in a plot of `PLOT_SIZE`, in pixels from the left and the top, by the index of `rows`."""
    log_open, overdue_share = rows["open"].astype(float).map(log2), rows["overdue_share"].astype(float)
    min_log_open, x_range, max_share = (
        float(log_open.min()),
        float(log_open.max() - log_open.min()),
        float(overdue_share.max()),
    )
    x = (log_open - min_log_open) / x_range * PLOT_SIZE.width if x_range else log_open * 0 + PLOT_SIZE.width / 2
    y = PLOT_SIZE.height * (1 - overdue_share / max_share) if max_share else overdue_share * 0 + PLOT_SIZE.height
    return dict(zip(rows.index, zip(x, y, strict=True), strict=True))


@cache
def workload_spec(language: str, labels: tuple[str, str, str, str]) -> Spec:
    """Points, with labels at those that have a side."""
    base = alt.Chart(NAMED_DATA).encode(
        x=alt.X(
            "open:Q",
            scale=alt.Scale(type="log", base=2, nice=False),
            axis=alt.Axis(title=labels[0].split("; "), grid=False, format=",d"),  # two lines: it is long
        ),
        y=alt.Y(
            "overdue_share:Q",
            scale=alt.Scale(domainMin=0, nice=False),
            axis=alt.Axis(title=labels[1], format="~%", tickCount=5),
        ),
    )
    point_layer = base.mark_point(filled=True, opacity=0.75, cursor="pointer").encode(
        size=alt.Size("size:Q", scale=None),
        color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("open:Q", title=labels[2], format=",.0f"),
            alt.Tooltip("overdue:Q", title=labels[3], format=",.0f"),
            alt.Tooltip("share:N", title=labels[1]),
        ],
    )
    point_layer = point_layer.add_params(alt.selection_point(name=CLICK_SELECTION, fields=["code"]))
    label_marks = {
        "left": base.mark_text(align="right", dx=-label_placement.LABEL_OFFSET, limit=label_placement.MAX_LABEL_WIDTH),
        "right": base.mark_text(align="left", dx=label_placement.LABEL_OFFSET, limit=label_placement.MAX_LABEL_WIDTH),
    }
    label_layers = [
        mark.transform_filter(f"datum.side === '{side}'").encode(
            y="overdue_share:Q", text="label:N", color=palette_colour("ink")
        )
        for side, mark in label_marks.items()
    ]
    return to_spec(alt.layer(point_layer, *label_layers, data=NAMED_DATA), language)
