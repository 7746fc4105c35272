"""The one look of every chart, in light and dark: named colours, quiet axes, the language's numbers."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import altair as alt
import streamlit as st

from components.charts import vega_locale

Spec = dict[str, Any]

# Names of the places in the theme's palette, in its order.
PALETTE = ["received", "closed", "usual", "ink", "bad", "good", "muted"]
PALETTE_SCALE = alt.Scale(domain=PALETTE, range="category")
NAMED_DATA = alt.NamedData("rows")


def palette_colour(name: str) -> alt.Color:
    """A colour of the theme by its name: a column of that name alone, see `finish`."""
    return alt.Color(f"tint_{name}:N", scale=PALETTE_SCALE, legend=None)


def count_axis(tick_count: int = 4) -> alt.Axis:
    """A quiet axis of whole numbers, as wide on every chart, so that days align."""
    return alt.Axis(title=None, tickCount=tick_count, format=",.0f", tickMinStep=1, minExtent=52, maxExtent=52)


LETTER_WIDTH = 7.2  # pixels, of a usual one
MAX_NAMES_WIDTH = 300  # pixels of names: more would leave no bars on a laptop's screen


def name_column_width(names: Iterable[str], min_width: int) -> int:
    """Pixels for these names left of their bars, no fewer than usual; longer names are cut."""
    return min(MAX_NAMES_WIDTH, max(min_width, *(round(LETTER_WIDTH * len(name)) + 12 for name in names)))


def css_colour(name: str, opacity: float = 1) -> str:
    """A colour of the theme as the browser shows it now, for what is drawn outside a chart."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    hex_colour = st.get_option(f"theme.{theme}.chartCategoricalColors")[PALETTE.index(name)]
    red, green, blue = (int(hex_colour[offset : offset + 2], 16) for offset in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


class DayAxisOptions(NamedTuple):
    """How an axis of days is drawn: pixels at the right for labels, days between ticks."""

    right_margin: int
    tick_step: int
    weekly: bool


def day_axis(axis_options: DayAxisOptions, *, show_labels: bool) -> alt.X:
    """Days as the language writes them, months where there are many."""
    date_formats = {"year": "%Y", "quarter": "%b", "month": "%b", "week": "%-d %b", "date": "%-d %b", "day": "%-d %b"}
    axis = alt.Axis(
        title=None,
        tickCount=8 if axis_options.weekly else alt.TimeIntervalStep(interval="day", step=axis_options.tick_step),
        labelOverlap="greedy",
        labelSeparation=20,
        labelFlush=False,
        labels=show_labels,
        format=date_formats if axis_options.weekly else "%-d %b",
    )
    # Days are midnights of UTC on the way to the browser, wherever that is.
    scale = alt.Scale(type="utc", range=[0, {"expr": f"width - {axis_options.right_margin}"}])
    return alt.X("day:T", axis=axis, scale=scale)


def to_spec(chart: alt.LayerChart | alt.FacetChart, language: str) -> Spec:
    """The chart as a spec in that language; the rows come with each drawing."""
    chart = chart.transform_calculate(**{f"tint_{name}": f"'{name}'" for name in PALETTE})
    with alt.theme.enable("none"):
        spec: Spec = (
            chart.configure(locale=vega_locale.vega_locale(language), background="transparent")
            .configure_text(fontSize=13)
            .to_dict()
        )
    del spec["data"]
    if language == "hr":
        # Of a day the number is an ordinal there: "28. lis".
        spec = json.loads(json.dumps(spec).replace("%-d %b", "%-d. %b"))
    return spec


def current_theme() -> str:
    """`light` or `dark`, as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


MIN_DAYS_FOR_WEEKLY_MEAN = 60  # days from which the mean of a week is drawn over the days
MAX_DAY_TICKS = 12  # days named under a chart, at most
MAX_DAYS_SHOWING_TODAY = 2  # up to which today is shown though it still goes on
