"""Maps without a base map, and the territory map: territories as areas, circles or tiles."""

import json
from collections.abc import Callable
from math import log2
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st
from pydeck.bindings.json_tools import default_serialize

from components.maps import cartogram, labels
from components.maps.boundaries.boundary_files import Point
from components.maps.extrusion import TILT_DEGREES, extrude_layers
from components.maps.geometry import bounding_box
from components.panel_contents import ShownMap, add_content
from components.streamlit_compat.one_shot_selection import one_shot_selection
from components.text.escape import WORD_JOINER

CLICKABLE_LAYERS = ("areas", "circles", "tiles")
PADDING = 14  # pixels left free around the territories


class CachedDeck(pdk.Deck):  # type: ignore[misc]
    """A deck that is serialised once, however often it is shown."""

    cached_json: str | None = None

    def to_json(self) -> str:
        """The deck as JSON on one line, with texts in its data that can't become code."""
        if self.cached_json is None:
            # pydeck indents its JSON, with a line per coordinate, which takes many times the space and time.
            deck_json = json.loads(json.dumps(self, default=default_serialize))
            for layer in deck_json["layers"]:
                layer["data"] = escape_expressions(layer["data"])
            self.cached_json = json.dumps(deck_json, separators=(",", ":"), ensure_ascii=False)
        return self.cached_json


def escape_expressions(data: object) -> object:
    """Escape a layer's texts that start with `@@`: deck.gl evaluates a text after `@@=` as an expression."""
    text = json.dumps(data, ensure_ascii=False)
    return json.loads(text.replace('"@@', f'"{WORD_JOINER}@@')) if '"@@' in text else data


@st.cache_resource(max_entries=100, show_spinner=False)
def territory_deck(
    rows: pd.DataFrame, background_regions: tuple[str, ...], theme: str, width: int, height: int, *, risen: bool = False
) -> pdk.Deck:
    """The deck of a territory map, `width` by `height` pixels.

    `rows`: those of components.maps.panel.DECK_COLUMNS. `background_regions`: the codes of the regions
    drawn under circles. `risen`: in three dimensions, with heights by the appeals received.
    """
    scene = cartogram.territory_scene(rows, background_regions, theme)
    label_layer = labels.label_layer(scene.labels, pixels_per_km(scene.viewport_points, width, height), theme)
    layers = [*scene.layers, label_layer]
    if risen:
        layers = extrude_layers(layers, rows, scene.viewport_points, theme)
    return build_deck(layers, scene.viewport_points, width, height, theme, extruded=risen)


def pixels_per_km(viewport_points: list[Point], width: int, height: int) -> float:
    """The largest scale at which all points fit into `width` by `height` pixels."""
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
    """A deck whose initial view fits the points into `width` by `height` pixels; seen from the side if `extruded`."""
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
        # A provider or a style (even None) would make the browser fetch a base map from outside.
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
    """Show a territory map; `on_choose` gets the code of a territory that is clicked."""

    def handle_click(selection: dict[str, Any]) -> bool:
        for layer in CLICKABLE_LAYERS:
            for clicked in selection["objects"].get(layer, []):
                on_choose((clicked.get("properties") or clicked)["code"])
                return True
        return False

    show_deck(ShownMap(deck), height, alt_text, **one_shot_selection(key, handle_click), selection_mode="single-object")


def show_deck(shown_map: ShownMap, height: int, alt_text: str, **widget_options: Any) -> None:  # noqa: ANN401 -- Streamlit's own
    """Show a map on the page, `height` pixels high, and register it for the panel's export menu.

    `widget_options` are those of `st.pydeck_chart`, such as the key and the callback of a click.
    """
    add_content(shown_map)
    st.pydeck_chart(shown_map.deck, height=height, alt=alt_text, **widget_options)
