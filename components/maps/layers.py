"""The layers of a map that stand on boundaries, in kilometres."""

from collections.abc import Hashable
from typing import Any

import pydeck as pdk

from components.maps.classification import NOTHING, rgb
from components.maps.geometry import Point, borders, boundaries

LINE = {"light": "#6B7787", "dark": "#0B1118"}
EDGE = {"light": "#374151", "dark": "#DCE3EA"}
INK = {"light": "#111827", "dark": "#EEF2F6"}

Rows = list[dict[Hashable, Any]]


def outline(code: str) -> list[Point]:
    """The points of a territory's boundary."""
    return [point for polygon in boundaries().get(code, []) for point in polygon[0]]


def area_layers(rows: Rows, theme: str) -> list[pdk.Layer]:
    """Areas with thin lines between regions and thicker ones between the territories shown."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": boundaries()[code]},
            "properties": {"code": row["code"], "tip": row["tip"], "fill": rgb(row["fill"])},
        }
        for row in rows
        for code in row["regions"]
        if code in boundaries()
    ]
    grouped = any(len(row["regions"]) > 1 for row in rows)
    border_lines = borders(tuple(tuple(row["regions"]) for row in rows)) if grouped else []
    return [
        pdk.Layer(
            "GeoJsonLayer",
            features,
            id="areas",
            pickable=True,
            auto_highlight=True,
            highlight_color=[*rgb(EDGE[theme]), 70],
            get_fill_color="properties.fill",
            stroked=True,
            get_line_color=[*rgb(LINE[theme]), 60 if grouped else 220],
            line_width_units=pdk.types.String("pixels"),
            get_line_width=0.5 if grouped else 0.8,
        ),
        pdk.Layer(
            "LineLayer",
            [{"a": a, "b": b} for a, b in border_lines],
            id="borders",
            get_source_position="a",
            get_target_position="b",
            get_color=[*rgb(LINE[theme]), 220],
            get_width=1.4,
        ),
    ]


def ground_layer(region_codes: tuple[str, ...], theme: str) -> pdk.Layer:
    """The place that circles or points stand on."""
    polygons = [polygon for code in region_codes for polygon in boundaries()[code]]
    return pdk.Layer(
        "PolygonLayer",
        [{"polygon": polygon} for polygon in polygons],
        id="ground",
        get_polygon="polygon",
        get_fill_color=rgb(NOTHING[theme]),
        get_line_color=[*rgb(EDGE[theme]), 130],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
        stroked=True,
    )
