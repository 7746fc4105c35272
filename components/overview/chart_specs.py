"""Vega-Lite specs of the overview's charts, without data, each built once per language."""

from functools import cache

import altair as alt

from components.charts.interaction import nearest_day_layer, row_click_layer
from components.charts.name_column import (
    NARROW,
    bar_height,
    bar_scale,
    first_row,
    name_layer,
    named_rows_y,
    row_offset,
)
from components.charts.theme import (
    NAMED_DATA,
    PALETTE_SCALE,
    DayAxisOptions,
    Spec,
    count_axis,
    day_axis,
    palette_colour,
    to_spec,
)

NAMES_WIDTH = 236  # pixels left of the bars


@cache
def received_closed_spec(language: str, labels: tuple[str, ...], axis_options: DayAxisOptions) -> Spec:
    """Two lines by day, received and closed, with their labels at the ends."""
    base = alt.Chart(NAMED_DATA).encode(x=day_axis(axis_options, show_labels=False))
    layers: list[alt.Chart] = []
    for series, label, dash in (("received", labels[0], [1, 0]), ("closed", labels[1], [6, 3])):
        y = alt.Y(f"{series}_line:Q", axis=count_axis())
        if axis_options.weekly:
            layers.append(
                base.mark_line(strokeWidth=1, opacity=0.2).encode(y=f"{series}:Q", color=palette_colour(series))
            )
        layers += [
            base.mark_line(strokeWidth=2.5, strokeDash=dash, point=not axis_options.weekly).encode(
                y=y, color=palette_colour(series)
            ),
            base.mark_text(align="left", dx=6, fontWeight=600).encode(
                y=f"{series}_label:Q", text=alt.datum(label), color=palette_colour(series)
            ),
        ]
    tooltip = [
        alt.Tooltip("date:N", title=" "),
        alt.Tooltip("received:Q", title=labels[0], format=",.0f"),
        alt.Tooltip("closed:Q", title=labels[1], format=",.0f"),
    ]
    return to_spec(alt.layer(*layers, nearest_day_layer(base, tooltip), data=NAMED_DATA), language)


@cache
def backlog_spec(language: str, label: str, axis_options: DayAxisOptions) -> Spec:
    """The backlog at the end of each day as an area, its last value at the right."""
    base = alt.Chart(NAMED_DATA).encode(x=day_axis(axis_options, show_labels=True))
    y = alt.Y("backlog:Q", axis=count_axis(2))
    area_layer = base.mark_area(opacity=0.25, line={"strokeWidth": 2}).encode(y=y, color=palette_colour("muted"))
    label_layer = base.mark_text(align="left", dx=6, fontWeight=600).encode(
        y="height:Q", text="label:N", color=palette_colour("muted")
    )
    tooltip = [alt.Tooltip("date:N", title=" "), alt.Tooltip("backlog:Q", title=label, format=",.0f")]
    return to_spec(alt.layer(area_layer, label_layer, nearest_day_layer(base, tooltip), data=NAMED_DATA), language)


@cache
def hourly_spec(language: str, labels: tuple[str, str, str]) -> Spec:
    """A band of what is usual, and bars of today's hours in front of it, hollow where the hour isn't over.

    `labels`: of today's count and of both ends of the band.
    """
    x = alt.X("hour:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    tooltip = [
        alt.Tooltip("clock:N", title=" "),
        alt.Tooltip("today:Q", title=labels[0], format=",.0f"),
        alt.Tooltip("usual_low:Q", title=labels[1], format=",.0f"),
        alt.Tooltip("usual_high:Q", title=labels[2], format=",.0f"),
    ]
    base = alt.Chart(NAMED_DATA).encode(x=x, tooltip=tooltip)
    usual_band = base.mark_bar(opacity=0.25, width={"band": 1}).encode(
        y=alt.Y("usual_low:Q", axis=count_axis()), y2="usual_high:Q", color=palette_colour("muted")
    )
    usual_line = base.mark_tick(thickness=2, width={"band": 1}, opacity=0.7).encode(
        y="usual:Q", color=palette_colour("muted")
    )
    bars = base.mark_bar(width={"band": 0.5}, strokeWidth=1.5).encode(
        y="today:Q",
        color=palette_colour("received"),
        fillOpacity=alt.when("datum.over").then(alt.value(1)).otherwise(alt.value(0.15)),
        stroke=alt.Stroke("tint_received:N", scale=PALETTE_SCALE, legend=None),
        strokeOpacity=alt.when("datum.over").then(alt.value(0)).otherwise(alt.value(1)),
    )
    return to_spec(alt.layer(usual_band, usual_line, bars, data=NAMED_DATA), language)


@cache
def ranking_spec(language: str, labels: tuple[str, str], names_width: int) -> Spec:
    """Bars with their counts at the ends, names in `names_width` pixels at the left, on-time rates at the right."""
    base = alt.Chart(NAMED_DATA).encode(y=named_rows_y(), tooltip=alt.Tooltip("name:N", title=" "))
    received_x = alt.X("received:Q", axis=None, scale=bar_scale(names_width, 0, domainMin=0, nice=False))
    bar_layer = base.mark_bar(height=bar_height(16), yOffset=row_offset(), cornerRadiusEnd=2).encode(
        x=received_x, color=palette_colour("received")
    )
    domain_layer = base.mark_point(opacity=0).encode(x="reach:Q")
    number_layer = base.mark_text(align="left", dx=6, yOffset=row_offset()).encode(
        x="received:Q", text="amount:N", color=palette_colour("ink")
    )
    rate_layer = base.mark_text(align="right", fontWeight=600, yOffset=row_offset()).encode(
        x=alt.value("width"),
        text="rate:N",
        color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
    )
    header_layers = [
        first_row()
        .mark_text(align="left", dy=-14, baseline="bottom", fontSize=12)
        .encode(
            x=alt.value(alt.expr(f"{NARROW} ? 0 : {names_width}")),
            y=alt.value(8),
            text=alt.datum(labels[0]),
            color=palette_colour("muted"),
        ),
        first_row()
        .mark_text(align="right", dy=-14, baseline="bottom", fontSize=12)
        .encode(x=alt.value("width"), y=alt.value(8), text=alt.datum(labels[1]), color=palette_colour("muted")),
    ]
    return to_spec(
        alt.layer(
            bar_layer,
            name_layer(base, names_width),
            domain_layer,
            number_layer,
            rate_layer,
            *header_layers,
            row_click_layer(base),
            data=NAMED_DATA,
        ),
        language,
    )
