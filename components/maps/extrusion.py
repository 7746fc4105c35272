"""Territory maps in three dimensions: territories rise in proportion to the appeals received."""

import pandas as pd
import pydeck as pdk

from components.maps.boundaries.boundary_files import Point
from components.maps.classification import hex_to_rgb
from components.maps.geometry import bounding_box
from components.maps.layers import EDGE_COLOURS

TILT_DEGREES = 50.0  # of the view above the horizon
# Shares of the extent of the map.
MAX_HEIGHT_SHARE = 0.18  # the height of the highest territory
TILE_HEIGHT_SHARE = 0.045  # the height of the highest tile, which mustn't hide the label of the tile behind it
COLUMN_RADIUS_SHARE = 1 / 75  # the radius of a column, which stands for a circle
# Mostly ambient light, so that the colours match the legend at the top and on the sides.
MATTE_MATERIAL = {"ambient": 0.85, "diffuse": 0.25, "shininess": 1, "specularColor": [0, 0, 0]}
# Layers have y downwards, as on a screen; a view that can be tilted has it upwards.
FLIP_Y_MATRIX = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def extrude_layers(
    layers: list[pdk.Layer], rows: pd.DataFrame, viewport_points: list[Point], theme: str
) -> list[pdk.Layer]:
    """Raise the areas, circles (as columns) and tiles of a map, with their labels on top. Changes the layers.

    `rows`: code, name, received. `viewport_points`: the points in view, in kilometres.
    """
    left, top, right, bottom = bounding_box(viewport_points)
    extent = max(right - left, bottom - top)
    max_received = max(float(rows["received"].max()), 1.0)
    height_share = TILE_HEIGHT_SHARE if any(layer.id == "tiles" for layer in layers) else MAX_HEIGHT_SHARE
    heights_by_code = {
        row["code"]: height_share * extent * row["received"] / max_received for row in rows.to_dict("records")
    }
    heights_by_name = {row["name"]: heights_by_code[row["code"]] for row in rows.to_dict("records")}
    extruded_layers = [column_layer(layer, extent, theme) if layer.id == "circles" else layer for layer in layers]
    for layer in extruded_layers:
        layer.model_matrix = FLIP_Y_MATRIX
        if layer.id in ("areas", "circles", "tiles"):
            for feature in layer.data:
                properties = feature.get("properties") or feature
                properties["high"] = round(heights_by_code[properties["code"]], 3)
            layer.extruded, layer.material = True, MATTE_MATERIAL
            layer.get_elevation = "@@=properties.high" if layer.id == "areas" else "@@=high"
        elif layer.id == "hatching":
            # Just above the tops: at the same height the two would flicker.
            for line in layer.data:
                height = heights_by_code[line["code"]] + extent / 2000
                line["a"], line["b"] = (*line["a"], height), (*line["b"], height)
        elif layer.id == "names":
            for feature in layer.data:
                feature["at"] = (*feature["at"], heights_by_name.get(feature["text"], 0.0) + extent / 150)
        elif layer.id == "words":
            for feature in layer.data:
                feature["at"] = (*feature["at"], heights_by_code[feature["code"]] + extent / 150)
    return extruded_layers


def column_layer(circle_layer: pdk.Layer, extent: float, theme: str) -> pdk.Layer:
    """Columns in place of circles, all of one width, since their height now shows what the size did."""
    return pdk.Layer(
        "ColumnLayer",
        circle_layer.data,
        id="circles",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*hex_to_rgb(EDGE_COLOURS[theme]), 70],
        get_position="at",
        get_fill_color="fill",
        radius=COLUMN_RADIUS_SHARE * extent,
        radius_units=pdk.types.String("common"),
        disk_resolution=24,
    )
