"""What all charts share, in light and dark: colours by name, plain axes, numbers as the language writes them."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import altair as alt

from components.charts import vega_locale
from components.palette import PALETTE

Spec = dict[str, Any]

PALETTE_SCALE = alt.Scale(domain=PALETTE, range="category")
NAMED_DATA = alt.NamedData("rows")
LETTER_WIDTH = 7.2  # pixels, the average
MAX_NAMES_WIDTH = 300  # pixels; wider names would leave no room for bars on a laptop's screen
MIN_DAYS_FOR_WEEKLY_MEAN = 60  # longer periods are drawn as the mean of 7 days
MAX_DAY_TICKS = 12  # labels on an axis of days
MAX_DAYS_SHOWING_TODAY = 2  # longer periods leave out the running day, whose counts still grow


def palette_colour(name: str) -> alt.Color:
    """A colour of the theme by its name in `PALETTE`; only in charts made into a spec by `to_spec`."""
    return alt.Color(f"tint_{name}:N", scale=PALETTE_SCALE, legend=None)


def count_axis(tick_count: int = 4) -> alt.Axis:
    """An axis of whole numbers without a title, equally wide on every chart, so that charts of days align."""
    return alt.Axis(
        title=None, tickCount=tick_count, format=",.0f", tickMinStep=1, labelOverlap=True, minExtent=52, maxExtent=52
    )


def name_column_width(names: Iterable[str], min_width: int) -> int:
    """Pixels for names left of their bars, from `min_width` to `MAX_NAMES_WIDTH`; longer ones are cut in the middle."""
    return min(MAX_NAMES_WIDTH, max(min_width, *(round(LETTER_WIDTH * len(name)) + 12 for name in names)))


class DayAxisOptions(NamedTuple):
    """Pixels left free at the right for labels, days between ticks, and whether means of 7 days are drawn."""

    right_margin: int
    tick_step: int
    weekly: bool


def day_axis(axis_options: DayAxisOptions, *, show_labels: bool) -> alt.X:
    """The x axis of a chart by `day`, labelled by days, or by months in a long period."""
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
    # The browser gets each day as a midnight in UTC, and would shift it to its own time zone.
    scale = alt.Scale(type="utc", range=[0, {"expr": f"width - {axis_options.right_margin}"}])
    return alt.X("day:T", axis=axis, scale=scale)


def to_spec(chart: alt.LayerChart | alt.FacetChart, language: str) -> Spec:
    """Make a chart into a spec with the language's locale and the palette's colours, without data."""
    chart = chart.transform_calculate(**{f"tint_{name}": f"'{name}'" for name in PALETTE})
    with alt.theme.enable("none"):
        spec: Spec = (
            chart.configure(locale=vega_locale.vega_locale(language), background="transparent")
            .configure_text(fontSize=alt.expr("width < 560 ? 12 : 13"))
            .to_dict()
        )
    del spec["data"]
    _hide_empty_marks(spec)
    # Streamlit leaves none: half of the topmost label of an axis would lie outside.
    spec["padding"] = {"top": 4}
    if language == "hr":
        # In Croatian the number of a day is an ordinal: "28. lis".
        spec = json.loads(json.dumps(spec).replace("%-d %b", "%-d. %b"))
    return spec


def _hide_empty_marks(spec: Spec) -> None:
    """Keep marks of a filter's rows from screen readers: without rows, they would be a picture without a name.

    The rows themselves are told by the layers that show all of them. (Vega names texts by what they say.)
    """
    for layer in spec.get("layer", []):
        _hide_empty_marks(layer)
        has_filter = any("filter" in step for step in layer.get("transform", []))
        if has_filter and "mark" in layer and layer["mark"]["type"] != "text":
            layer["mark"]["aria"] = False
