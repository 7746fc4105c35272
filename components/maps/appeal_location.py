"""The location of an appeal on the map of its region."""

import pandas as pd
import pydeck as pdk
import streamlit as st

from components.layout.container_width import container_width
from components.layout.empty_state import empty_state
from components.maps import territory_map
from components.maps.boundaries.boundary_files import territory_boundaries
from components.maps.classification import hex_to_rgb
from components.maps.geometry import Projection, projection_of
from components.maps.layers import EDGE_COLOURS, background_layer, territory_outline
from components.palette import current_theme
from otklik.i18n import _

MAP_HEIGHT = 260
POINT_COLOURS = {"light": "#B42318", "dark": "#FF8A80"}
FALLBACK_RADIUS_KM = 15.0  # shown around a point whose region has no boundaries


def appeal_location_map(lon: float | None, lat: float | None, region_code: str, tooltip: str) -> None:
    """Show an appeal's point on its region, or an empty state without a point.

    `region_code`: the region to draw, where it has boundaries. `tooltip`: the text at the point.
    """
    if lon is None or lat is None or pd.isna(lon):
        empty_state(_("The place is not known to the point."))
        return
    map_width = container_width("place-width")
    theme = current_theme()
    st.pydeck_chart(
        appeal_location_deck(lon, lat, region_code, tooltip, theme, map_width),
        key="place",
        height=MAP_HEIGHT,
        alt=_("The place of the appeal"),
    )


@st.cache_resource(max_entries=50, show_spinner=False)
def appeal_location_deck(
    lon: float, lat: float, region_code: str, tooltip: str, theme: str, map_width: int
) -> pdk.Deck:
    """The deck of one point, in equal areas."""
    has_boundary = region_code in territory_boundaries()
    projection = projection_of((region_code,)) if has_boundary else Projection(lon, lat)
    position = projection.project(lon, lat)
    point_layer = pdk.Layer(
        "ScatterplotLayer",
        [{"at": position, "tip": tooltip}],
        id="place",
        pickable=True,
        get_position="at",
        get_fill_color=hex_to_rgb(POINT_COLOURS[theme]),
        radius_units=pdk.types.String("pixels"),
        get_radius=7,
        stroked=True,
        get_line_color=hex_to_rgb(EDGE_COLOURS[theme]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1.5,
    )
    base_layers = [background_layer((region_code,), projection, theme)] if has_boundary else []
    viewport_corners = [
        (position[0] - FALLBACK_RADIUS_KM, position[1] - FALLBACK_RADIUS_KM),
        (position[0] + FALLBACK_RADIUS_KM, position[1] + FALLBACK_RADIUS_KM),
    ]
    return territory_map.build_deck(
        [*base_layers, point_layer],
        territory_outline(region_code, projection) if has_boundary else viewport_corners,
        map_width,
        MAP_HEIGHT,
        theme,
    )
