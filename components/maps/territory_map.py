"""A map on nothing: territories as areas, as circles or as tiles, whichever their boundaries allow."""

import json
from collections.abc import Callable
from math import log2
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st
from pydeck.bindings.json_tools import default_serialize

from components.maps import cartogram, labels
from components.maps.extrusion import TILT, raised
from components.maps.geometry import Point, box
from components.tables.selection import once
from components.text.escape import JOINER

LAYERS = ("areas", "circles", "tiles")
PAD = 14  # pixels left free around the territories


class Drawn(pdk.Deck):  # type: ignore[misc]
    """A deck that is written once, however often it is shown."""

    written: str | None = None

    def to_json(self) -> str:
        """The deck as the browser gets it."""
        if self.written is None:
            # As pydeck writes it, there is a line a coordinate: many times as long, and slow to write.
            layers = json.loads(json.dumps(self, default=default_serialize))
            for layer in layers["layers"]:
                layer["data"] = inert(layer["data"])
            self.written = json.dumps(layers, separators=(",", ":"), ensure_ascii=False)
        return self.written


def inert(data: object) -> object:
    """A layer's data without a text that the browser would compute: `@@=` before a word makes code of it."""
    text = json.dumps(data, ensure_ascii=False)
    return json.loads(text.replace('"@@', f'"{JOINER}@@')) if '"@@' in text else data


@st.cache_resource(max_entries=100, show_spinner=False)
def drawn(
    rows: pd.DataFrame, around: tuple[str, ...], look: str, width: int, height: int, *, risen: bool = False
) -> pdk.Deck:
    """The deck of some territories. `rows`: code, name, regions, lon, lat, received, fill, text, tip.

    `risen`: by how many appeals were received there, seen from the side.
    """
    scene = cartogram.territories(rows, around, look)
    named = labels.names(scene.names, fitting(scene.points, width, height), look)
    layers = [*scene.layers, named]
    if risen:
        layers = raised(layers, rows, scene.points, look)
    return deck(layers, scene.points, width, height, look, risen=risen)


def fitting(points: list[Point], width: int, height: int) -> float:
    """How many pixels a kilometre may take for the points to fill a place."""
    left, top, right, bottom = box(points)
    across, down = max(right - left, 1e-3), max(bottom - top, 1e-3)
    return min((width - 2 * PAD) / across, (height - 2 * PAD) / down)


def deck(
    shown: list[pdk.Layer], points: list[Point], width: int, height: int, look: str, *, risen: bool = False
) -> pdk.Deck:
    """The layers, seen so that the points fill a place of so many pixels; from the side if they are `risen`."""
    left, top, right, bottom = box(points)
    middle = [round((left + right) / 2, 3), round((top + bottom) / 2, 3), 0]
    zoom = round(log2(fitting(points, width, height)), 3)
    view = pdk.View(type="OrthographicView", controller=True)
    state = pdk.ViewState(target=middle, zoom=zoom)
    if risen:
        view = pdk.View(type="OrbitView", controller=True, orthographic=True)
        state = pdk.ViewState(target=[middle[0], -middle[1], 0], zoom=zoom, rotation_x=TILT, min_rotation_x=10)
    return Drawn(
        # A base map would be fetched from outside: no provider, and no style at all.
        map_provider=None,
        views=[view],
        initial_view_state=state,
        layers=shown,
        tooltip={
            "text": "{tip}",
            "style": {
                "whiteSpace": "pre-line",
                "fontSize": "13px",
                "borderRadius": "6px",
                "maxWidth": "320px",
                "color": "#FFFFFF" if look == "light" else "#111827",
                "backgroundColor": "#1F2937" if look == "light" else "#EEF2F6",
            },
        },
    )


def territory_map(of: pdk.Deck, key: str, height: int, alt: str, pick: Callable[[str], None]) -> None:
    """Show it; a click on a territory hands its code to `pick`."""

    def act(selection: dict[str, Any]) -> bool:
        for layer in LAYERS:
            for one in selection["objects"].get(layer, []):
                pick((one.get("properties") or one)["code"])
                return True
        return False

    st.pydeck_chart(of, **once(key, act), height=height, selection_mode="single-object", alt=alt)
