"""Clicks on charts that filter the page, and the chart layers that receive them."""

from typing import Any

import altair as alt
import streamlit as st

from components.charts.theme import palette_colour
from components.streamlit_compat.one_shot_selection import one_shot_selection
from components.url.page_filters import day_range_filters, set_filters

CLICK_SELECTION = "picked"  # the name of the selection in a chart that filters the page


def filter_on_click(param: str, field: str = "code", key: str = "", **more_fields: str) -> dict[str, Any]:
    """Options for `show_chart` by which a click filters the page: the clicked row's `field` becomes the filter `param`.

    The chart's spec needs a selection named `CLICK_SELECTION` with these fields. The filter `day` sets the period to
    that day, or to the days up to the row's `last`. `more_fields`: further filters, with their fields.
    """
    # Other filters make another widget, which doesn't show the click that led to them as selected.
    current_filters = "-".join(st.query_params.get(item, "") for item in (param, *more_fields, "from", "to"))
    widget_key = f"{key or 'chart'}-{param}-{current_filters}"

    def apply_click(selection: dict[str, Any]) -> bool:
        for item in selection.get(CLICK_SELECTION, []):
            values = {
                target: item[source]
                for target, source in {param: field, **more_fields}.items()
                if item.get(source) is not None
            }
            if values:
                set_filters(
                    **day_range_filters(values["day"], item.get("last"))
                    if param == "day"
                    else {target: str(values[target]) for target in values}
                )
                return True
        return False

    return {**one_shot_selection(widget_key, apply_click), "selection_mode": CLICK_SELECTION}


def nearest_day_layer(base: alt.Chart, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """A layer over a chart of days: the day nearest to the pointer shows its tooltip and can be clicked."""
    hover = alt.selection_point(name="hover", fields=["day"], nearest=True, on="pointerover", clear="pointerout")
    hover_opacity = alt.condition(hover, alt.value(0.8), alt.value(0), empty=False)
    rule: alt.Chart = (
        base.mark_rule(strokeWidth=1, cursor="pointer")
        .encode(color=palette_colour("muted"), opacity=hover_opacity, tooltip=tooltip)
        .add_params(hover, alt.selection_point(name=CLICK_SELECTION, fields=["day"], nearest=True))
    )
    return rule


def row_click_layer(base: alt.Chart, height: int = 30, names_width: int = 0) -> alt.Chart:
    """A layer that makes each row of bars clickable over its whole width, its name included.

    `height`: pixels of a row; `names_width`: those that its name takes left of the plot.
    """
    row = base.mark_bar(height=height, opacity=0, cursor="pointer").add_params(
        alt.selection_point(name=CLICK_SELECTION, fields=["code"])
    )
    click_layer: alt.Chart = row.encode(x=alt.value(-names_width), x2=alt.value("width"))
    return click_layer
