"""Vega-Lite specs of the charts of ratings, without data, each built once per language."""

from functools import cache

import altair as alt

from components.charts.interaction import CLICK_SELECTION, row_click_layer
from components.charts.name_column import NARROW, bar_scale, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, palette_colour, to_spec

ROW_HEIGHT = 30  # pixels of a row of dots
NAME_WIDTH = 210  # pixels left of the dots
PLOT_WIDTH = {"expr": "width - 56"}  # leaves room for the label of the target's line
SHARE_SCALE = alt.Scale(domain=[0, 1])
COVERAGE_HEIGHT = 112  # pixels, of which the axis of days takes more than half of a lower chart
COUNT_WIDTH = 100  # pixels right of the longest bar, for its count and share
TONE_COLOUR = alt.Color("tone:N", scale=PALETTE_SCALE, legend=None)


def percent_axis(title: str | None = None) -> alt.Axis:
    """An axis of shares, equally wide on every chart."""
    return alt.Axis(title=title, format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], minExtent=52, maxExtent=52)


@cache
def rating_distribution_spec(language: str) -> Spec:
    """Bars of the ratings from 5 down to 1, with their counts."""
    base = alt.Chart(NAMED_DATA).encode(
        y=alt.Y("rating:O", sort="descending", axis=alt.Axis(title=None, labelFontSize=15))
    )
    x = alt.X("appeals:Q", axis=None, scale=bar_scale(0, COUNT_WIDTH, domainMin=0, nice=False))
    bar_layer = base.mark_bar(height=22, cornerRadiusEnd=2).encode(x=x, color=TONE_COLOUR)
    count_layer = base.mark_text(align="left", dx=6).encode(x=x, text="label:N", color=palette_colour("ink"))
    return to_spec(alt.layer(bar_layer, count_layer, row_click_layer(base, 40, 30), data=NAMED_DATA), language)


@cache
def satisfaction_trend_spec(language: str, labels: tuple[str, ...]) -> Spec:
    """Satisfaction by day as points within their intervals, and a rule at the target."""
    base = alt.Chart(NAMED_DATA).encode(x=trend_day_axis(labels=False))
    y = alt.Y("satisfaction:Q", scale=SHARE_SCALE, axis=percent_axis())
    interval_layer = base.mark_rule(strokeWidth=2, opacity=0.35).encode(
        y=alt.Y("low:Q", axis=percent_axis()), y2="high:Q", color=TONE_COLOUR
    )
    line_layer = base.mark_line(strokeWidth=1.5, opacity=0.6).encode(y=y, color=palette_colour("received"))
    point_layer = (
        base.mark_point(filled=True, size=45, opacity=1)
        .encode(
            y=y,
            color=TONE_COLOUR,
            tooltip=[
                alt.Tooltip("date:N", title=" "),
                alt.Tooltip("share:N", title=labels[0]),
                alt.Tooltip("count:N", title=labels[2]),
                alt.Tooltip("covered:N", title=labels[1]),
            ],
        )
        .add_params(alt.selection_point(name=CLICK_SELECTION, fields=["first", "last"], nearest=True))
    )
    target_layer = base.mark_rule(strokeDash=[5, 4]).encode(
        x=alt.value(0), x2=alt.value(PLOT_WIDTH), y="target:Q", color=palette_colour("good")
    )
    first_row = base.transform_window(row="row_number()").transform_filter("datum.row == 1")
    target_label_layer = first_row.mark_text(align="left", dx=6, fontWeight=600).encode(
        x=alt.value(PLOT_WIDTH), y="target:Q", text=alt.datum(labels[3]), color=palette_colour("good")
    )
    return to_spec(
        alt.layer(interval_layer, line_layer, target_layer, point_layer, target_label_layer, data=NAMED_DATA), language
    )


@cache
def coverage_spec(language: str, label: str) -> Spec:
    """The share of closed appeals that were rated, by day, as an area under the trend."""
    area = (
        alt.Chart(NAMED_DATA)
        .mark_area(opacity=0.3, line={"strokeWidth": 1.5})
        .encode(
            x=trend_day_axis(labels=True),
            y=alt.Y(
                "coverage:Q",
                scale=alt.Scale(domainMin=0),
                axis=alt.Axis(title=None, format=".0%", tickCount=2, minExtent=52, maxExtent=52),
            ),
            color=palette_colour("muted"),
            tooltip=[alt.Tooltip("date:N", title=" "), alt.Tooltip("covered:N", title=label)],
        )
    )
    return to_spec(alt.layer(area, data=NAMED_DATA), language)


@cache
def satisfaction_dot_spec(language: str, labels: tuple[str, ...], name_width: int, *, clickable: bool) -> Spec:
    """Dots within their intervals, a rule at the target, and at the right the share and the number of ratings.

    `clickable`: a click anywhere in a row selects it.
    """
    base = alt.Chart(NAMED_DATA).encode(
        y=named_rows_y(),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("share:N", title="4–5"),
            alt.Tooltip("between:N", title=labels[3]),
            alt.Tooltip("count:N", title=labels[0]),
            alt.Tooltip("covered:N", title=labels[1]),
        ],
    )
    share_scale = bar_scale(name_width, 150, domain=[0, 1])
    share_axis = alt.X(
        "satisfaction:Q", scale=share_scale, axis=alt.Axis(title=None, format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    )
    interval_layer = base.mark_rule(strokeWidth=5, opacity=0.3, yOffset=row_offset()).encode(
        x=alt.X("low:Q", scale=share_scale), x2="high:Q", color=TONE_COLOUR
    )
    # Beside each dot alone where the name stands above it, so that the line doesn't cross the names.
    target_layer = base.mark_tick(
        thickness=1.5, orient="vertical", yOffset=row_offset(), size=alt.ExprRef(f"{NARROW} ? 14 : {ROW_HEIGHT}")
    ).encode(x=alt.X("target:Q", scale=share_scale), color=palette_colour("good"))
    point_layer = base.mark_point(filled=True, size=80, opacity=1, yOffset=row_offset()).encode(
        x=share_axis,
        color=TONE_COLOUR,
    )
    share_layer = base.mark_text(align="right", fontWeight=600, yOffset=row_offset()).encode(
        x=alt.value({"expr": "width - 80"}), text="share:N", color=TONE_COLOUR
    )
    count_layer = base.mark_text(align="right", yOffset=row_offset()).encode(
        x=alt.value("width"), text="count:N", color=palette_colour("muted")
    )
    click_layers = [row_click_layer(base, 24)] if clickable else []
    return to_spec(
        alt.layer(
            interval_layer,
            target_layer,
            point_layer,
            name_layer(base, name_width),
            share_layer,
            count_layer,
            *click_layers,
            data=NAMED_DATA,
        ),
        language,
    )


def trend_day_axis(*, labels: bool) -> alt.X:
    """The x axis of days or weeks; in UTC, since the browser gets each day as a midnight in UTC."""
    date_formats = {"year": "%Y", "month": "%-d %b", "week": "%-d %b", "date": "%-d %b", "day": "%-d %b"}
    axis = alt.Axis(title=None, tickCount=8, labelOverlap="greedy", labels=labels, format=date_formats)
    return alt.X("day:T", axis=axis, scale=alt.Scale(type="utc", range=[0, PLOT_WIDTH]))
