"""Territories without boundaries: circles on the ground of the place around them, or a tidy grid of tiles."""

from collections.abc import Hashable
from math import ceil, sqrt
from typing import Any, NamedTuple

import pandas as pd
import pydeck as pdk

from components.maps.classification import ink, rgb
from components.maps.geometry import Point, albers, boundaries
from components.maps.labels import Name
from components.maps.layers import EDGE, LINE, Rows, area_layers, ground_layer, outline

TILE, GAP = 100.0, 6.0


class Scene(NamedTuple):
    """What a map shows: its layers, the points that have to be in sight, and names where there is room."""

    layers: list[pdk.Layer]
    points: list[Point]
    names: list[Name]


def territories(rows: pd.DataFrame, around: tuple[str, ...], look: str) -> Scene:
    """The layers of the territories, the points that have to be in sight, and the names.

    Areas where there are boundaries; circles where the place `around` has some and the territories have points;
    tiles otherwise.
    """
    listed = rows.to_dict("records")
    areas = [row for row in listed if any(code in boundaries() for code in row["regions"])]
    others = [row for row in listed if row not in areas]
    ground = tuple(code for code in around if code in boundaries())
    pinned = bool(ground) and all(pd.notna(row["lon"]) for row in others)
    shown = [*area_layers(areas, look)] if areas else [ground_layer(ground, look)] if ground and pinned else []
    points = [point for row in areas for code in row["regions"] for point in outline(code)]
    if others and pinned:
        points += [point for code in ground for point in outline(code)]
        shown.append(circle_layer(circles(others, points), look))
    elif others:
        tiles, corners = tile_layers(others, points, look)
        shown, points = shown + tiles, points + corners
    named = [Name(row["name"], albers(row["lon"], row["lat"])) for row in areas if pd.notna(row["lon"])]
    if others and pinned:
        named += [Name(one["label"], foot(one), under=True) for one in circles(others, points)]
    return Scene(shown, points, named)


def circles(rows: Rows, points: list[Point]) -> Rows:
    """A circle a territory, its area by what was received; small ones lie on top."""
    xs = [x for x, _ in points]
    largest = (max(xs) - min(xs)) / 24
    most = max(row["received"] for row in rows) or 1
    return [
        {
            "at": albers(row["lon"], row["lat"]),
            "size": largest * sqrt(row["received"] / most),
            "fill": rgb(row["fill"]),
            "label": row["name"],
            **{name: row[name] for name in ("code", "tip")},
        }
        for row in sorted(rows, key=lambda row: -row["received"])
    ]


def circle_layer(found: Rows, look: str) -> pdk.Layer:
    """The layer of the circles."""
    return pdk.Layer(
        "ScatterplotLayer",
        found,
        id="circles",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*rgb(EDGE[look]), 70],
        get_position="at",
        get_radius="size",
        radius_units=pdk.types.String("common"),
        radius_min_pixels=6,
        get_fill_color="fill",
        stroked=True,
        get_line_color=rgb(EDGE[look]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
    )


def foot(circle: dict[Hashable, Any]) -> Point:
    """The lowest point of a circle, under which its name stands."""
    x, y = circle["at"]
    return x, y + circle["size"]


def placed(rows: Rows, columns: int) -> Rows:
    """The tiles in the order of their grid: lines from north to south, each from west to east, if that is known."""
    if any(pd.isna(row["lon"]) for row in rows):
        return rows
    down = sorted(rows, key=lambda row: -row["lat"])
    lines = [down[n : n + columns] for n in range(0, len(down), columns)]
    return [row for line in lines for row in sorted(line, key=lambda row: row["lon"])]


def tile_layers(rows: Rows, points: list[Point], look: str) -> tuple[list[pdk.Layer], list[Point]]:
    """A tidy grid of squares below what is drawn already, and its corners."""
    scale = max((max(x for x, _ in points) - min(x for x, _ in points)) / 1200, 1.0) if points else 1.0
    left, top = (min(x for x, _ in points), max(y for _, y in points) + 20 * scale) if points else (0.0, 0.0)
    columns = ceil(sqrt(len(rows) * 1.7)) if not points else 12
    data = []
    for n, row in enumerate(placed(rows, columns)):
        x, y = left + n % columns * (TILE + GAP) * scale, top + n // columns * (TILE + GAP) * scale
        side = TILE * scale
        corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
        data.append(
            {
                "polygon": corners,
                "at": (x + side / 2, y + side / 2),
                "label": f"{row['name']}\n{row['text']}",
                "ink": ink(row["fill"]),
                "fill": rgb(row["fill"]),
                **{name: row[name] for name in ("code", "tip")},
            }
        )
    squares = pdk.Layer(
        "PolygonLayer",
        data,
        id="tiles",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*rgb(EDGE[look]), 70],
        get_polygon="polygon",
        get_fill_color="fill",
        stroked=True,
        get_line_color=rgb(LINE[look]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.8,
    )
    words = pdk.Layer(
        "TextLayer",
        data,
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
    return [squares, words], [corner for one in data for corner in one["polygon"]]
