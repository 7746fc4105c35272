"""Layers drawn from boundaries, in kilometres."""

from collections.abc import Hashable
from typing import Any

import pydeck as pdk

from components.maps.boundaries.boundary_files import Point, territory_boundaries
from components.maps.classification import NO_DATA_COLOURS, hex_to_rgb
from components.maps.geometry import Projection, group_borders, projected_polygons

LINE_COLOURS = {"light": "#6B7787", "dark": "#0B1118"}
EDGE_COLOURS = {"light": "#374151", "dark": "#DCE3EA"}
TEXT_COLOURS = {"light": "#111827", "dark": "#EEF2F6"}

Records = list[dict[Hashable, Any]]


def territory_outline(code: str, projection: Projection) -> list[Point]:
    """The points of a territory's outer boundaries; none if it has no boundaries."""
    return [point for polygon in projected_polygons(code, projection) for point in polygon[0]]


def area_layers(rows: Records, projection: Projection, theme: str) -> list[pdk.Layer]:
    """Filled areas of territories, with thin lines between regions and thicker ones between territories.

    `rows`: code, regions (codes of those whose areas make up the territory), tip, fill.
    """
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": projected_polygons(code, projection)},
            "properties": {"code": row["code"], "tip": row["tip"], "fill": hex_to_rgb(row["fill"])},
        }
        for row in rows
        for code in row["regions"]
        if code in territory_boundaries()
    ]
    grouped = any(len(row["regions"]) > 1 for row in rows)
    border_lines = group_borders(tuple(tuple(row["regions"]) for row in rows), projection) if grouped else []
    return [
        pdk.Layer(
            "GeoJsonLayer",
            features,
            id="areas",
            pickable=True,
            auto_highlight=True,
            highlight_color=[*hex_to_rgb(EDGE_COLOURS[theme]), 70],
            get_fill_color="properties.fill",
            stroked=True,
            get_line_color=[*hex_to_rgb(LINE_COLOURS[theme]), 60 if grouped else 220],
            line_width_units=pdk.types.String("pixels"),
            get_line_width=0.5 if grouped else 0.8,
        ),
        pdk.Layer(
            "LineLayer",
            [{"a": a, "b": b} for a, b in border_lines],
            id="borders",
            get_source_position="a",
            get_target_position="b",
            get_color=[*hex_to_rgb(LINE_COLOURS[theme]), 220],
            get_width=1.4,
        ),
    ]


def background_layer(region_codes: tuple[str, ...], projection: Projection, theme: str) -> pdk.Layer:
    """The blank areas of regions under circles or points; each must have boundaries."""
    polygons = [polygon for code in region_codes for polygon in projected_polygons(code, projection)]
    return pdk.Layer(
        "PolygonLayer",
        [{"polygon": polygon} for polygon in polygons],
        id="ground",
        get_polygon="polygon",
        get_fill_color=hex_to_rgb(NO_DATA_COLOURS[theme]),
        get_line_color=[*hex_to_rgb(EDGE_COLOURS[theme]), 130],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
        stroked=True,
    )
