"""A map seen from the side: territories rise by how many appeals were received there."""

import pandas as pd
import pydeck as pdk

from components.maps.classification import rgb
from components.maps.geometry import Point, box
from components.maps.layers import EDGE

TILT = 50.0  # degrees above the horizon
SHARE = 0.18  # of what is in sight: how high the highest rises
TILES = 0.045  # the same of tiles, of which none may hide what stands on the one behind it
COLUMN = 1 / 75  # of the same: half the width of a column that stands for a point
# Hardly darker than the legend says, on top and at the sides.
MATTE = {"ambient": 0.85, "diffuse": 0.25, "shininess": 1, "specularColor": [0, 0, 0]}
# Layers count downwards as a screen does, and a view that can be tilted upwards.
UPWARDS = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def raised(layers: list[pdk.Layer], rows: pd.DataFrame, points: list[Point], look: str) -> list[pdk.Layer]:
    """The layers of a map with areas, circles and tiles risen. `rows`: code, name, received; `points`: in sight."""
    left, top, right, bottom = box(points)
    reach = max(right - left, bottom - top)
    most = max(float(rows["received"].max()), 1.0)
    share = TILES if any(layer.id == "tiles" for layer in layers) else SHARE
    heights = {row["code"]: share * reach * row["received"] / most for row in rows.to_dict("records")}
    named = {row["name"]: heights[row["code"]] for row in rows.to_dict("records")}
    found = [columns(layer, reach, look) if layer.id == "circles" else layer for layer in layers]
    for layer in found:
        layer.model_matrix = UPWARDS
        if layer.id in ("areas", "circles", "tiles"):
            for one in layer.data:
                told = one.get("properties") or one
                told["high"] = round(heights[told["code"]], 3)
            layer.extruded, layer.material = True, MATTE
            layer.get_elevation = "@@=properties.high" if layer.id == "areas" else "@@=high"
        elif layer.id == "names":
            for one in layer.data:
                one["at"] = (*one["at"], named.get(one["text"], 0.0) + reach / 150)
        elif layer.id == "words":
            for one in layer.data:
                one["at"] = (*one["at"], heights[one["code"]] + reach / 150)
    return found


def columns(circles: pdk.Layer, reach: float, look: str) -> pdk.Layer:
    """Circles as columns: all as wide, since their height says what their size did."""
    return pdk.Layer(
        "ColumnLayer",
        circles.data,
        id="circles",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*rgb(EDGE[look]), 70],
        get_position="at",
        get_fill_color="fill",
        radius=COLUMN * reach,
        radius_units=pdk.types.String("common"),
        disk_resolution=24,
    )
