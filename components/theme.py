"""The one look of every chart, in light and dark: named colours, quiet axes, the language's numbers."""

from typing import Any, NamedTuple

import altair as alt

from components import locales

Spec = dict[str, Any]

# Names of the places in the theme's palette, in its order.
PALETTE = ["received", "closed", "usual", "ink", "bad", "good", "muted"]
COLOUR = alt.Scale(domain=PALETTE, range="category")
DATA = alt.NamedData("rows")


def tint(name: str) -> alt.Color:
    """A colour of the theme by its name: a column of that name alone, see `finish`."""
    return alt.Color(f"tint_{name}:N", scale=COLOUR, legend=None)


def whole(ticks: int = 4) -> alt.Axis:
    """A quiet axis of whole numbers, as wide on every chart, so that days align."""
    return alt.Axis(title=None, tickCount=ticks, format=",.0f", tickMinStep=1, minExtent=52, maxExtent=52)


class Days(NamedTuple):
    """How an axis of days is drawn: pixels at the right for labels, days between ticks."""

    room: int
    step: int
    weekly: bool


def along(days: Days, *, labels: bool) -> alt.X:
    """Days as the language writes them, months where there are many."""
    months = {"year": "%Y", "quarter": "%b", "month": "%b", "week": "%-d %b", "date": "%-d %b", "day": "%-d %b"}
    axis = alt.Axis(
        title=None,
        tickCount=8 if days.weekly else alt.TimeIntervalStep(interval="day", step=days.step),
        labelOverlap="greedy",
        labelSeparation=20,
        labelFlush=False,
        labels=labels,
        format=months if days.weekly else "%-d %b",
    )
    # Days are midnights of UTC on the way to the browser, wherever that is.
    scale = alt.Scale(type="utc", range=[0, {"expr": f"width - {days.room}"}])
    return alt.X("day:T", axis=axis, scale=scale)


def finish(chart: alt.LayerChart | alt.FacetChart, language: str) -> Spec:
    """The chart as a spec in that language; the rows come with each drawing."""
    chart = chart.transform_calculate(**{f"tint_{name}": f"'{name}'" for name in PALETTE})
    with alt.theme.enable("none"):
        spec: Spec = (
            chart.configure(locale=locales.vega(language), background="transparent")
            .configure_text(fontSize=13)
            .to_dict()
        )
    del spec["data"]
    return spec
