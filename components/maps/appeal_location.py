"""Where an appeal is, on the ground of its region, with those that may be about the same."""

import pandas as pd
import pydeck as pdk
import streamlit as st

from components.layout.container_width import width
from components.layout.panel import empty
from components.maps import styling, territory_map
from components.maps.classification import rgb
from components.maps.geometry import Point, albers, boundaries, flat
from components.maps.layers import EDGE, ground_layer, outline
from otklik.i18n import _

HEIGHT = 260
HERE = {"light": "#B42318", "dark": "#FF8A80"}
REACH = 15.0  # km around a point that has no ground


def place_map(lon: float | None, lat: float | None, region_code: str, tooltip: str) -> None:
    """A point on its region."""
    if lon is None or lat is None or pd.isna(lon):
        empty(_("The place is not known to the point."))
        return
    map_width = width("place-width")
    theme = styling.theme()
    st.pydeck_chart(
        drawn(lon, lat, region_code, tooltip, theme, map_width),
        key="place",
        height=HEIGHT,
        alt=_("The place of the appeal"),
    )


@st.cache_resource(max_entries=50, show_spinner=False)
def drawn(lon: float, lat: float, region_code: str, tooltip: str, theme: str, map_width: int) -> pdk.Deck:
    """The deck of one point."""
    has_boundary = region_code in boundaries()
    position: Point = albers(lon, lat) if has_boundary else flat(lon, lat, (lon, lat))
    point_layer = pdk.Layer(
        "ScatterplotLayer",
        [{"at": position, "tip": tooltip}],
        id="place",
        pickable=True,
        get_position="at",
        get_fill_color=rgb(HERE[theme]),
        radius_units=pdk.types.String("pixels"),
        get_radius=7,
        stroked=True,
        get_line_color=rgb(EDGE[theme]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1.5,
    )
    base_layers = [ground_layer((region_code,), theme)] if has_boundary else []
    viewport_corners = [(position[0] - REACH, position[1] - REACH), (position[0] + REACH, position[1] + REACH)]
    return territory_map.deck(
        [*base_layers, point_layer],
        outline(region_code) if has_boundary else viewport_corners,
        map_width,
        HEIGHT,
        theme,
    )
