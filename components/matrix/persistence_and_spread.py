"""Systemic or acute: each topic by how widespread and how lasting its excess is."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components.charts import label_placement
from components.charts.chart import Chart, show_chart
from components.charts.interaction import CLICK_SELECTION, filter_on_click
from components.charts.theme import NAMED_DATA, Spec, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from otklik.i18n import _, current_language, formats

CHART_HEIGHT = 360  # pixels
PLOT_SIZE = label_placement.PlotSize(380, 290)  # inside the axes, on a laptop's screen


def reach_chart(rows: pd.DataFrame) -> None:
    """Show one point per topic; a click on one narrows the page to it. `rows`: queries.matrix.topics.topic_reach."""
    show_chart(build_reach_chart(rows), **filter_on_click("topic", "topic_code", "reach"))


@cached_render
def build_reach_chart(rows: pd.DataFrame) -> Chart | None:
    """Build the plot with the names of topics that have room; None (and an empty state) without any."""
    if rows.empty:
        empty_state(_("No topic has a territory with more, or more late, than expected beyond chance."))
        return None
    max_breadth = float(rows["breadth"].max())
    points = {
        index: (persistence * PLOT_SIZE.width, (1 - breadth / max_breadth) * PLOT_SIZE.height)
        for index, persistence, breadth in zip(rows.index, rows["persistence"], rows["breadth"], strict=True)
    }
    sides = label_placement.label_sides(points, list(rows["topic"].items()), PLOT_SIZE)
    chart_rows = rows.assign(
        side=pd.Series(sides, dtype=object).reindex(rows.index),
        breadth_text=[formats.percent(share) for share in rows["breadth"]],
        persistence_text=[formats.percent(share) for share in rows["persistence"]],
    )
    st.caption(
        _(
            "Up: in more territories beyond chance. Right: in more of the last weeks. "
            "Top right is systemic, left is acute. Topics without such a territory are left out."
        )
    )
    alt_text = _("Most widespread: {topic}, in {n} of the territories, {share} of the weeks").format(
        topic=rows["topic"].iloc[0],
        n=formats.percent(rows["breadth"].iloc[0]),
        share=formats.percent(rows["persistence"].iloc[0]),
    )
    return Chart(
        chart_rows,
        reach_spec(current_language(), (_("Share of weeks"), _("Share of territories"))),
        CHART_HEIGHT,
        alt_text,
    )


@cache
def reach_spec(language: str, labels: tuple[str, str]) -> Spec:
    """Points, with labels at those that have a side."""
    base = alt.Chart(NAMED_DATA).encode(
        x=alt.X(
            "persistence:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title=labels[0], format="~%", tickCount=5, grid=False),
        ),
        y=alt.Y(
            "breadth:Q",
            scale=alt.Scale(domainMin=0, nice=False, padding=8),
            axis=alt.Axis(title=labels[1], format="~%", tickCount=4),
        ),
    )
    points = (
        base.mark_point(filled=True, size=80, opacity=0.8, cursor="pointer")
        .encode(
            color=palette_colour("closed"),
            tooltip=[
                alt.Tooltip("topic:N", title=" "),
                alt.Tooltip("breadth_text:N", title=labels[1]),
                alt.Tooltip("persistence_text:N", title=labels[0]),
            ],
        )
        .add_params(alt.selection_point(name=CLICK_SELECTION, fields=["topic_code"]))
    )
    offset, limit = label_placement.LABEL_OFFSET, label_placement.MAX_LABEL_WIDTH
    marks = {
        "left": base.mark_text(align="right", dx=-offset, limit=limit),
        "right": base.mark_text(align="left", dx=offset, limit=limit),
    }
    names = [
        mark.transform_filter(f"datum.side === '{side}'").encode(text="topic:N", color=palette_colour("ink"))
        for side, mark in marks.items()
    ]
    return to_spec(alt.layer(points, *names, data=NAMED_DATA), language)
