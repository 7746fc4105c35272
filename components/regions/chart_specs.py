"""Vega-Lite specs of the charts of territories, without data, each built once per language."""

from functools import cache

import altair as alt

from components.charts.interaction import nearest_day_layer, row_click_layer
from components.charts.name_column import bar_height, bar_scale, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, count_axis, palette_colour, to_spec

DATE_FORMATS = {"year": "%Y", "month": "%-d %b", "week": "%-d %b", "date": "%-d %b", "day": "%-d %b"}
NAMES_WIDTH = 190  # pixels left of the bars


@cache
def open_by_territory_spec(language: str, labels: tuple[str, ...], names_width: int) -> Spec:
    """Stacked bars of the open appeals of each territory by state."""
    base = alt.Chart(NAMED_DATA).encode(y=named_rows_y())
    row_base = base.transform_filter("datum.order == 0")
    bar_layer = base.mark_bar(height=bar_height(14), yOffset=row_offset(), cursor="pointer").encode(
        x=alt.X("appeals:Q", stack="zero", axis=count_axis(6), scale=bar_scale(names_width, 0)),
        order="order:Q",
        color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
        opacity=alt.Opacity("opacity:Q", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("state:N", title=labels[0]),
            alt.Tooltip("appeals:Q", title=labels[1], format=",.0f"),
        ],
    )
    # The click layer lies under the bars, so that each part of a bar keeps its own tooltip.
    return to_spec(
        alt.layer(row_click_layer(row_base, 26), bar_layer, name_layer(row_base, names_width), data=NAMED_DATA),
        language,
    )


@cache
def territory_backlog_spec(language: str, label: str) -> Spec:
    """The open appeals of one territory by day, as a small area chart."""
    # The browser gets each day as a midnight in UTC, and would shift it to its own time zone.
    x = alt.X(
        "day:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(title=None, tickCount=3, format=DATE_FORMATS, labelFlush=20, labelOverlap=True),
    )
    base = alt.Chart(NAMED_DATA).encode(x=x)
    area_layer = base.mark_area(opacity=0.25, line={"strokeWidth": 2}).encode(
        y=alt.Y("open:Q", axis=count_axis(2)), color=palette_colour("received")
    )
    tooltip = [alt.Tooltip("date:N", title=" "), alt.Tooltip("open:Q", title=label, format=",.0f")]
    return to_spec(alt.layer(area_layer, nearest_day_layer(base, tooltip), data=NAMED_DATA), language)
