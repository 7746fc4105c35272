"""The territory map with its legend, and the list beside it, which offers all that the map does."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.charts.colour_legend import colour_legend
from components.filters.territory import select_territory
from components.layout.container_width import container_width
from components.layout.empty_state import empty_state
from components.layout.narrow_screen import MAP_AND_LIST_KEY, MAP_CHOICES_KEY
from components.maps import styling, territory_map
from components.maps.legend import legend_entries
from components.maps.territory_list import territory_list
from components.palette import current_theme
from components.text.metric_text import unknown_reason
from components.url.choice import url_segmented_control
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

DECK_COLUMNS = ["code", "name", "regions", "lon", "lat", "received", "fill", "unclear", "text", "tip"]
MAP_FORMS = {"flat": N_("Flat"), "risen": N_("Height: received")}
MIN_HEIGHT, MAX_HEIGHT = 380, 620  # pixels
MIN_WIDTH = 500  # pixels: on narrower maps the height follows the width, since territories are drawn smaller


def territory_map_panel(
    rows: pd.DataFrame,
    background_regions: tuple[str, ...],
    metric: "Metric",
    *,
    change: bool,
    key: str,
    overall: float | None = None,
) -> None:
    """Show territories by a metric or its change, on a map and in a list; a click on a territory selects it.

    `rows`: queries.regions.territories.map_values. `background_regions`: the codes of the regions drawn under circles
    of municipalities. `key`: another one where other territories are shown. `overall`: the value of all that the viewer
    sees, about which the classes lie where there is no target.
    """
    if rows.empty:
        empty_state(_("This territory has no parts."))
        return
    theme = current_theme()
    with st.container(key=MAP_AND_LIST_KEY):
        left, right = st.columns([2.05, 1])
    with left:
        legend_area = st.container()
        with st.container(horizontal=True, horizontal_alignment="distribute", key=MAP_CHOICES_KEY):
            map_form = url_segmented_control("map", _("Map"), {name: _(label) for name, label in MAP_FORMS.items()})
            equal_groups = styling.has_class_choice(metric, overall, change=change) and class_choice(metric) == "equal"
        styled_rows, classes = styling.style_territories(
            rows, metric, change=change, theme=theme, overall=overall, equal_groups=equal_groups
        )
        legend_items = legend_entries(styled_rows, classes, metric, change=change, theme=theme)
        with legend_area:
            if unknown := rows.attrs.get("unknown"):
                empty_state(unknown_reason(unknown))
            else:
                colour_legend(legend_items)
        map_width = container_width("map-width")
        map_height = min(max(round(map_width * 0.56), round(MIN_HEIGHT * min(1, map_width / MIN_WIDTH))), MAX_HEIGHT)
        deck_rows = styled_rows.sort_values("received", ascending=False)[DECK_COLUMNS].reset_index(drop=True)
        deck = territory_map.territory_deck(
            deck_rows, background_regions, theme, map_width, map_height, risen=map_form == "risen"
        )
        territory_map.territory_map(
            deck, f"map-{key}-{map_form}", map_height, map_summary(styled_rows, metric), select_territory
        )
    with right:
        value_title = _("Change") if change else _(metric.name)
        territory_list(styled_rows, metric, value_title, f"list-{key}", map_height + 40, select_territory)


def class_choice(metric: "Metric") -> str:
    """Ask how the map's classes are made: about the target or the overall value, or `equal` groups."""
    about = _("About the overall value") if metric.target is None else _("About the target")
    return url_segmented_control("classes", _("Classes"), {"about": about, "equal": _("Equal groups")})


def map_summary(rows: pd.DataFrame, metric: "Metric") -> str:
    """The alt text of the map: the highest and the lowest value, of territories with enough cases.

    `rows`: components.maps.styling.style_territories.
    """
    if unknown := rows.attrs.get("unknown"):
        return unknown_reason(unknown)
    metric_name = _(metric.name)
    reliable = rows[rows["sure"]]
    if len(reliable) == 1:
        only = reliable.iloc[0]
        return _("{figure}: {value} in {name}").format(figure=metric_name, value=only["text"], name=only["name"])
    if reliable.empty:
        return _("{figure} by territory: too few appeals to compare").format(figure=metric_name)
    values = reliable["measure"].to_numpy()
    highest, lowest = reliable.iloc[int(values.argmax())], reliable.iloc[int(values.argmin())]
    template = _("{figure} in {n} territories: from {low} ({least}) to {high} ({most})")
    return template.format(
        figure=metric_name,
        n=formats.number(len(reliable)),
        low=lowest["text"],
        least=lowest["name"],
        high=highest["text"],
        most=highest["name"],
    )
