"""Layers of a territory map: areas where there are boundaries, else circles on the region, or a grid of tiles."""

from collections.abc import Hashable
from math import ceil, sqrt
from typing import Any, NamedTuple

import pandas as pd
import pydeck as pdk

from components.maps.boundaries.boundary_files import Point, territory_boundaries
from components.maps.classification import contrasting_text_colour, hex_to_rgb
from components.maps.geometry import Projection, projection_around, projection_of
from components.maps.hatching import hatch_layers
from components.maps.labels import MapLabel
from components.maps.layers import EDGE_COLOURS, LINE_COLOURS, Records, area_layers, background_layer, territory_outline

TILE_SIZE, TILE_GAP = 100.0, 6.0  # km on an empty map; on others in proportion to its width


class Scene(NamedTuple):
    """The layers of a map, the points that must be in view, and labels to place where there is room."""

    layers: list[pdk.Layer]
    viewport_points: list[Point]
    labels: list[MapLabel]


def territory_scene(rows: pd.DataFrame, background_regions: tuple[str, ...], theme: str) -> Scene:
    """Lay out territories: as areas where they have boundaries, else as circles or tiles.

    `rows`: those of components.maps.panel.DECK_COLUMNS; `unclear` ones are hatched. `background_regions`: the codes of
    the regions under the circles. Circles need boundaries of these, and coordinates of all territories without an area.
    """
    # A municipality has no regions: its own boundaries are its area.
    records = [{**row, "regions": row["regions"] or (row["code"],)} for row in rows.to_dict("records")]
    area_rows = [row for row in records if any(code in territory_boundaries() for code in row["regions"])]
    other_rows = [row for row in records if row not in area_rows]
    drawable_regions = tuple(code for code in background_regions if code in territory_boundaries())
    projection = scene_projection(records, drawable_regions)
    have_locations = bool(drawable_regions) and all(pd.notna(row["lon"]) for row in other_rows)
    layers = (
        [*area_layers(area_rows, projection, theme)]
        if area_rows
        else [background_layer(drawable_regions, projection, theme)]
        if drawable_regions and have_locations
        else []
    )
    viewport_points = [
        point for row in area_rows for code in row["regions"] for point in territory_outline(code, projection)
    ]
    if other_rows and have_locations:
        viewport_points += [point for code in drawable_regions for point in territory_outline(code, projection)]
        layers.append(circle_layer(circle_rows(other_rows, viewport_points, projection), theme))
    elif other_rows:
        added_layers, tile_corners = tile_layers(other_rows, viewport_points, theme)
        layers, viewport_points = layers + added_layers, viewport_points + tile_corners
    hatched_codes = {row["code"] for row in records if row["unclear"]}
    layers += hatch_layers(layers, hatched_codes, viewport_points, theme)
    labels = [
        MapLabel(row["name"], projection.project(row["lon"], row["lat"])) for row in area_rows if pd.notna(row["lon"])
    ]
    if other_rows and have_locations:
        labels += [
            MapLabel(circle["label"], circle_bottom(circle), under=True)
            for circle in circle_rows(other_rows, viewport_points, projection)
        ]
    return Scene(layers, viewport_points, labels)


def scene_projection(rows: Records, drawable_regions: tuple[str, ...]) -> Projection:
    """The projection of a map, centred on the boundaries drawn, or on the territories' points where there are none."""
    codes = tuple(code for row in rows for code in row["regions"] if code in territory_boundaries())
    if codes or drawable_regions:
        return projection_of((*codes, *drawable_regions))
    points = pd.DataFrame(rows, columns=["lon", "lat"]).dropna().itertuples(index=False, name=None)
    return projection_around([*points] or [(0.0, 0.0)])


def circle_rows(rows: Records, viewport_points: list[Point], projection: Projection) -> Records:
    """One record per territory: a circle whose area is proportional to the appeals received; the largest first."""
    xs = [x for x, _ in viewport_points]
    max_radius = (max(xs) - min(xs)) / 24
    max_received = max(row["received"] for row in rows) or 1
    return [
        {
            "at": projection.project(row["lon"], row["lat"]),
            "size": max_radius * sqrt(row["received"] / max_received),
            "fill": hex_to_rgb(row["fill"]),
            "label": row["name"],
            **{name: row[name] for name in ("code", "tip")},
        }
        for row in sorted(rows, key=lambda row: -row["received"])
    ]


def circle_layer(rows: Records, theme: str) -> pdk.Layer:
    """The layer of circles. `rows`: see `circle_rows`."""
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id="circles",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*hex_to_rgb(EDGE_COLOURS[theme]), 70],
        get_position="at",
        get_radius="size",
        radius_units=pdk.types.String("common"),
        radius_min_pixels=6,
        get_fill_color="fill",
        stroked=True,
        get_line_color=hex_to_rgb(EDGE_COLOURS[theme]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
    )


def circle_bottom(circle: dict[Hashable, Any]) -> Point:
    """The lowest point of a circle, where its label stands."""
    x, y = circle["at"]
    return x, y + circle["size"]


def order_tiles(rows: Records, column_count: int) -> Records:
    """Sort rows as tiles of a grid: lines from north to south, each from west to east.

    Rows keep their order if the coordinates of any are unknown.
    """
    if any(pd.isna(row["lon"]) for row in rows):
        return rows
    north_to_south = sorted(rows, key=lambda row: -row["lat"])
    grid_rows = [north_to_south[start : start + column_count] for start in range(0, len(north_to_south), column_count)]
    return [row for grid_row in grid_rows for row in sorted(grid_row, key=lambda row: row["lon"])]


def tile_layers(rows: Records, viewport_points: list[Point], theme: str) -> tuple[list[pdk.Layer], list[Point]]:
    """A grid of square tiles with their labels below what is already on the map, and the corners of the tiles.

    `viewport_points`: the extent of what is on the map, maybe empty.
    """
    scale = (
        max((max(x for x, _ in viewport_points) - min(x for x, _ in viewport_points)) / 1200, 1.0)
        if viewport_points
        else 1.0
    )
    left, top = (
        (min(x for x, _ in viewport_points), max(y for _, y in viewport_points) + 20 * scale)
        if viewport_points
        else (0.0, 0.0)
    )
    column_count = ceil(sqrt(len(rows) * 1.7)) if not viewport_points else 12
    tiles = []
    for index, row in enumerate(order_tiles(rows, column_count)):
        x, y = (
            left + index % column_count * (TILE_SIZE + TILE_GAP) * scale,
            top + index // column_count * (TILE_SIZE + TILE_GAP) * scale,
        )
        side = TILE_SIZE * scale
        corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
        tiles.append(
            {
                "polygon": corners,
                "at": (x + side / 2, y + side / 2),
                "label": f"{row['name']}\n{row['text']}",
                "ink": contrasting_text_colour(row["fill"]),
                "fill": hex_to_rgb(row["fill"]),
                **{name: row[name] for name in ("code", "tip")},
            }
        )
    square_layer = pdk.Layer(
        "PolygonLayer",
        tiles,
        id="tiles",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*hex_to_rgb(EDGE_COLOURS[theme]), 70],
        get_polygon="polygon",
        get_fill_color="fill",
        stroked=True,
        get_line_color=hex_to_rgb(LINE_COLOURS[theme]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.8,
    )
    label_layer = pdk.Layer(
        "TextLayer",
        tiles,
        id="words",
        get_position="at",
        get_text="label",
        get_color="ink",
        get_size=11.5 * scale,
        size_units=pdk.types.String("common"),
        max_width=7.6,
        word_break=pdk.types.String("break-word"),
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String("Source Sans, sans-serif"),
    )
    return [square_layer, label_layer], [corner for tile in tiles for corner in tile["polygon"]]
