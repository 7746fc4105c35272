"""Maps of appeals as points or hexagons, on their region where it has boundaries."""

from typing import Any, Literal

import pandas as pd
import pydeck as pdk
import streamlit as st

from components.charts.colour_legend import LegendEntry, colour_legend
from components.layout.container_width import container_width
from components.layout.empty_state import empty_state
from components.maps import territory_map
from components.maps.boundaries.boundary_files import Point, territory_boundaries
from components.maps.classification import hex_to_rgb
from components.maps.geometry import Projection, bounding_box, projection_of
from components.maps.hexbin import hexagon_layer
from components.maps.layers import TEXT_COLOURS, background_layer, territory_outline
from components.palette import current_theme
from components.panel_contents import ShownMap, is_collecting
from components.streamlit_compat.one_shot_selection import one_shot_selection
from components.url import open_appeal
from components.url.choice import url_segmented_control
from otklik.i18n import N_, _, formats, ngettext

# By state: the label, the colour in either theme, and the name of the nearest colour in Streamlit's Markdown.
POINT_STATES = {
    "overdue": (N_("overdue"), {"light": "#B42318", "dark": "#FF8A80"}, "red"),
    "open": (N_("open"), {"light": "#1F5FBF", "dark": "#6AA9FF"}, "blue"),
    "closed": (N_("closed"), {"light": "#7C8796", "dark": "#8A97A8"}, "gray"),
}
DRAW_ORDER = ("closed", "open", "overdue")  # the last one lies on top
MAP_HEIGHT = 420  # pixels
VIEWPORT_MARGIN = 0.03  # share of the extent of the points
MANY_POINTS = 1500  # from this number on, points are smaller

POINT_SETS = {"open": N_("Open now"), "received": N_("Received in the period")}
POINT_FORMS = {"points": N_("Points"), "hexagons": N_("Hexagons")}


def point_map_controls() -> tuple[Literal["open", "received"], str]:
    """Controls, with their state in the address: which appeals are shown, and in which form (of `POINT_FORMS`)."""
    with st.container(horizontal=True, gap="small"):
        appeal_set = url_segmented_control("points", _("Show"), {name: _(label) for name, label in POINT_SETS.items()})
        form = url_segmented_control("form", _("As"), {name: _(label) for name, label in POINT_FORMS.items()})
    return "received" if appeal_set == "received" else "open", form


def point_map(rows: pd.DataFrame, background_regions: tuple[str, ...], max_points: int, key: str, form: str) -> None:
    """Show appeals as points, on which a click opens the appeal, or as hexagons (`form`: a key of `POINT_FORMS`).

    `rows`: queries.regions.points.open_points or queries.regions.points.received_points, at most `max_points`.
    `background_regions`: the codes of the regions in which the points lie.
    """
    if rows.empty:
        empty_state(_("No appeal here has a point."))
        return
    theme = current_theme()
    states = [state for state in POINT_STATES if rows["state"].eq(state).any()]
    state_labels = [
        f"{_(POINT_STATES[state][0])} ({formats.number(int(rows['state'].eq(state).sum()))})" for state in states
    ]
    if form == "points":
        state_labels = [
            f":{POINT_STATES[state][2]}[●] {text}" for state, text in zip(states, state_labels, strict=True)
        ]
    text = ("&nbsp; " if form == "points" else " · ").join(state_labels)
    if len(rows) >= max_points:
        text += (
            " &nbsp;:gray["
            + _("Only the first {n} are drawn: narrow the filters.").format(n=formats.number(max_points))
            + "]"
        )
    st.markdown(text)
    map_width = container_width(f"{key}-width")
    n = len(rows)
    alt_text = ngettext("{n} appeal as a point", "{n} appeals as points", n).format(n=formats.number(n))
    deck, legend_items = point_map_deck(rows, background_regions, theme, map_width, form)
    if form == "hexagons":
        st.caption(_("Appeals in a hexagon, overdue or not:"))
        colour_legend(list(legend_items))
        territory_map.show_deck(ShownMap(deck), MAP_HEIGHT, alt_text, key=key)
        return

    def open_clicked(selection: dict[str, Any]) -> bool:
        clicked = selection["objects"].get("spots", [])
        for point in clicked[:1]:
            open_appeal.request_appeal(str(point["number"]))
        return bool(clicked)

    territory_map.show_deck(
        ShownMap(deck, listed_points(rows) if is_collecting() else None),
        MAP_HEIGHT,
        alt_text,
        **one_shot_selection(key, open_clicked),
        selection_mode="single-object",
    )


def listed_points(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per point, in the order of drawing: number, topic, state (translated); for the export menu."""
    ordered_rows = in_draw_order(rows)
    return ordered_rows[["number", "topic"]].assign(
        state=[_(POINT_STATES[state][0]) for state in ordered_rows["state"]]
    )


def in_draw_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort the rows by state, so that overdue appeals are drawn last and lie on top."""
    return rows.assign(rank=rows["state"].map(DRAW_ORDER.index)).sort_values("rank", kind="stable")


@st.cache_resource(max_entries=50, show_spinner=False)
def point_map_deck(
    rows: pd.DataFrame, background_regions: tuple[str, ...], theme: str, map_width: int, form: str
) -> tuple[pdk.Deck, tuple[LegendEntry, ...]]:
    """The deck of points or hexagons, and the legend of the hexagons (empty for points)."""
    drawable_regions = tuple(code for code in background_regions if code in territory_boundaries())
    projection = (
        projection_of(drawable_regions)
        if drawable_regions
        else Projection(float(rows["lon"].median()), float(rows["lat"].median()))
    )
    ordered_rows = in_draw_order(rows)
    points: list[dict[str, Any]] = [
        {
            "at": projection.project(row["lon"], row["lat"]),
            "fill": hex_to_rgb(POINT_STATES[row["state"]][1][theme]),
            "number": row["number"],
            "tip": f"{row['number']}\n{row['topic']}\n{_(POINT_STATES[row['state']][0])}",
        }
        for row in ordered_rows.to_dict("records")
    ]
    base_layers = [background_layer(drawable_regions, projection, theme)] if drawable_regions else []
    viewport_points = [
        point for code in drawable_regions for point in territory_outline(code, projection)
    ] or trimmed_corners([record["at"] for record in points])
    if form == "hexagons":
        left, _top, right, _bottom = bounding_box(viewport_points)
        hexagons, legend_items = hexagon_layer(
            [record["at"] for record in points], list(ordered_rows["state"]), right - left, theme
        )
        return territory_map.build_deck(
            [*base_layers, hexagons], viewport_points, map_width, MAP_HEIGHT, theme
        ), legend_items
    point_layer = pdk.Layer(
        "ScatterplotLayer",
        points,
        id="spots",
        pickable=True,
        get_position="at",
        get_fill_color="fill",
        opacity=0.75,
        radius_units=pdk.types.String("pixels"),
        get_radius=3.5 if len(points) < MANY_POINTS else 2.2,
        stroked=True,
        get_line_color=[*hex_to_rgb(TEXT_COLOURS[theme]), 90],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.5,
    )
    return territory_map.build_deck([*base_layers, point_layer], viewport_points, map_width, MAP_HEIGHT, theme), ()


def trimmed_corners(points: list[Point]) -> list[Point]:
    """The corners around all but the outermost 0.1 % of the points, lest one far away shrink the rest to a dot."""
    frame = pd.DataFrame(points, columns=["x", "y"])
    low, high = frame.quantile(0.001), frame.quantile(0.999)
    margin = (high - low).max() * VIEWPORT_MARGIN + 1e-3
    return [(low["x"] - margin, low["y"] - margin), (high["x"] + margin, high["y"] + margin)]
