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
from components.maps.extrusion import TILT_DEGREES, extrude_layers
from components.maps.geometry import Point, bounding_box
from components.panel_contents import ShownMap, add_content
from components.streamlit_compat.one_shot_selection import one_shot_selection
from components.text.escape import WORD_JOINER

CLICKABLE_LAYERS = ("areas", "circles", "tiles")
PADDING = 14  # pixels left free around the territories


class CachedDeck(pdk.Deck):  # type: ignore[misc]
    """A deck that is written once, however often it is shown."""

    cached_json: str | None = None

    def to_json(self) -> str:
        """The deck as the browser gets it."""
        if self.cached_json is None:
            # As pydeck writes it, there is a line a coordinate: many times as long, and slow to write.
            deck_json = json.loads(json.dumps(self, default=default_serialize))
            for layer in deck_json["layers"]:
                layer["data"] = escape_expressions(layer["data"])
            self.cached_json = json.dumps(deck_json, separators=(",", ":"), ensure_ascii=False)
        return self.cached_json


def escape_expressions(data: object) -> object:
    """A layer's data without a text that the browser would compute: `@@=` before a word makes code of it."""
    text = json.dumps(data, ensure_ascii=False)
    return json.loads(text.replace('"@@', f'"{WORD_JOINER}@@')) if '"@@' in text else data


@st.cache_resource(max_entries=100, show_spinner=False)
def territory_deck(
    rows: pd.DataFrame, background_regions: tuple[str, ...], theme: str, width: int, height: int, *, risen: bool = False
) -> pdk.Deck:
    """The deck of some territories. `rows`: code, name, regions, lon, lat, received, fill, text, tip.

    `risen`: by how many appeals were received there, seen from the side.
    """
    scene = cartogram.territory_scene(rows, background_regions, theme)
    label_layer = labels.label_layer(scene.labels, pixels_per_km(scene.viewport_points, width, height), theme)
    layers = [*scene.layers, label_layer]
    if risen:
        layers = extrude_layers(layers, rows, scene.viewport_points, theme)
    return build_deck(layers, scene.viewport_points, width, height, theme, extruded=risen)


def pixels_per_km(viewport_points: list[Point], width: int, height: int) -> float:
    """How many pixels a kilometre may take for the points to fill a place."""
    left, top, right, bottom = bounding_box(viewport_points)
    extent_x, extent_y = max(right - left, 1e-3), max(bottom - top, 1e-3)
    return min((width - 2 * PADDING) / extent_x, (height - 2 * PADDING) / extent_y)


def build_deck(
    layers: list[pdk.Layer],
    viewport_points: list[Point],
    width: int,
    height: int,
    theme: str,
    *,
    extruded: bool = False,
) -> pdk.Deck:
    """The layers, seen so that the points fill a place of so many pixels; from the side if they are `risen`."""
    left, top, right, bottom = bounding_box(viewport_points)
    centre = [round((left + right) / 2, 3), round((top + bottom) / 2, 3), 0]
    zoom = round(log2(pixels_per_km(viewport_points, width, height)), 3)
    view = pdk.View(type="OrthographicView", controller=True)
    view_state = pdk.ViewState(target=centre, zoom=zoom)
    if extruded:
        view = pdk.View(type="OrbitView", controller=True, orthographic=True)
        view_state = pdk.ViewState(
            target=[centre[0], -centre[1], 0], zoom=zoom, rotation_x=TILT_DEGREES, min_rotation_x=10
        )
    return CachedDeck(
        # A base map would be fetched from outside: no provider, and no style at all.
        map_provider=None,
        views=[view],
        initial_view_state=view_state,
        layers=layers,
        tooltip={
            "text": "{tip}",
            "style": {
                "whiteSpace": "pre-line",
                "fontSize": "13px",
                "borderRadius": "6px",
                "maxWidth": "320px",
                "color": "#FFFFFF" if theme == "light" else "#111827",
                "backgroundColor": "#1F2937" if theme == "light" else "#EEF2F6",
            },
        },
    )


def territory_map(deck: pdk.Deck, key: str, height: int, alt_text: str, on_choose: Callable[[str], None]) -> None:
    """Show it; a click on a territory hands its code to `pick`."""

    def handle_click(selection: dict[str, Any]) -> bool:
        for layer in CLICKABLE_LAYERS:
            for clicked in selection["objects"].get(layer, []):
                on_choose((clicked.get("properties") or clicked)["code"])
                return True
        return False

    show_deck(ShownMap(deck), height, alt_text, **one_shot_selection(key, handle_click), selection_mode="single-object")


def show_deck(shown_map: ShownMap, height: int, alt_text: str, **widget_options: Any) -> None:
    """Show a map on the page, so many pixels high, and hand it over to the panel's export menu."""
    add_content(shown_map)
    st.pydeck_chart(shown_map.deck, height=height, alt=alt_text, **widget_options)
