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


def place_map(lon: float | None, lat: float | None, region: str, tip: str) -> None:
    """A point on its region."""
    if lon is None or lat is None or pd.isna(lon):
        empty(_("The place is not known to the point."))
        return
    wide = width("place-width")
    look = styling.theme()
    st.pydeck_chart(
        drawn(lon, lat, region, tip, look, wide), key="place", height=HEIGHT, alt=_("The place of the appeal")
    )


@st.cache_resource(max_entries=50, show_spinner=False)
def drawn(lon: float, lat: float, region: str, tip: str, look: str, wide: int) -> pdk.Deck:
    """The deck of one point."""
    known = region in boundaries()
    at: Point = albers(lon, lat) if known else flat(lon, lat, (lon, lat))
    dot = pdk.Layer(
        "ScatterplotLayer",
        [{"at": at, "tip": tip}],
        id="place",
        pickable=True,
        get_position="at",
        get_fill_color=rgb(HERE[look]),
        radius_units=pdk.types.String("pixels"),
        get_radius=7,
        stroked=True,
        get_line_color=rgb(EDGE[look]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1.5,
    )
    base = [ground_layer((region,), look)] if known else []
    corners = [(at[0] - REACH, at[1] - REACH), (at[0] + REACH, at[1] + REACH)]
    return territory_map.deck([*base, dot], outline(region) if known else corners, wide, HEIGHT, look)
