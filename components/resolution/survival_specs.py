"""Vega-Lite specs of survival curves, without data, each built once per language."""

from functools import cache

import altair as alt

from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, to_spec
from otklik.i18n import _
from otklik.small_numbers import MIN_CASES

# Lengths of dashes and gaps (pixels) by colour, for readers who can't tell the colours apart.
LINE_DASHES = {"received": [1, 0], "closed": [6, 3], "good": [2, 2], "bad": [8, 2, 2, 2], "muted": [1, 3]}


def axis_labels() -> tuple[str, ...]:
    """The translated labels of the axes and the tooltip, in the order that `survival_spec` takes."""
    return (
        _("days since the receipt"),
        _("Closed within so many days"),
        _("95% interval"),
        _("Still open before"),
    )


@cache
def survival_spec(language: str, labels: tuple[str, ...], *, banded: bool) -> Spec:
    """Step lines over the days with their names at the ends; a single curve lies within a band (`banded`).

    A line is faint where fewer than 30 appeals were still open.
    """
    right_margin = 90 if banded else 220
    x = alt.X(
        "day:Q",
        scale=alt.Scale(nice=False, range=[0, {"expr": f"width - {right_margin}"}]),
        axis=alt.Axis(title=labels[0], grid=False, tickMinStep=1, values=[0, 7, 14, 21, 30, 45, 60]),
    )
    axis = alt.Axis(title=None, format=".0%", values=[0, 0.25, 0.5, 0.75, 0.9, 1], minExtent=52, maxExtent=52)
    base = alt.Chart(NAMED_DATA).encode(x=x)
    tone = alt.Color("tone:N", scale=PALETTE_SCALE, legend=None)
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    layers: list[alt.Chart] = []
    if banded:
        layers.append(
            base.mark_area(interpolate="step-after", opacity=0.2).encode(
                y=alt.Y("low:Q", axis=axis), y2="high:Q", color=tone
            )
        )
    dash = alt.StrokeDash(
        "tone:N", scale=alt.Scale(domain=list(LINE_DASHES), range=list(LINE_DASHES.values())), legend=None
    )
    line = base.encode(y=y, color=tone, strokeDash=dash, detail="name:N")
    layers += [
        line.mark_line(interpolate="step-after", strokeWidth=1.5, opacity=0.35),
        line.transform_filter(f"datum.at_risk >= {MIN_CASES}").mark_line(interpolate="step-after", strokeWidth=2.5),
        base.transform_filter("isValid(datum.label)")
        .mark_text(align="left", dx=6, fontWeight=600, limit=right_margin - 10)
        .encode(y="height:Q", text="label:N", color=tone),
    ]
    hover_layer = base.mark_point(size=120, opacity=0).encode(
        y=y,
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("day:Q", title=labels[0]),
            alt.Tooltip("share_text:N", title=labels[1]),
            alt.Tooltip("between:N", title=labels[2]),
            alt.Tooltip("at_risk:Q", title=labels[3], format=",.0f"),
        ],
    )
    return to_spec(alt.layer(*layers, hover_layer, data=NAMED_DATA), language)
