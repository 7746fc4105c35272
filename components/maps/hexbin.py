"""Hexagonal binning of appeals on a map: how many lie in each hexagon, and how many of these are overdue."""

from collections import defaultdict
from math import ceil, cos, floor, pi, sin, sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pydeck as pdk

from components.charts.colour_legend import LegendEntry
from components.maps import classification
from components.maps.boundaries.boundary_files import Point
from components.maps.classification import hex_to_rgb
from components.maps.layers import EDGE_COLOURS, LINE_COLOURS
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from components.maps.classification import Classification

HEXAGONS_ACROSS = 26  # from the left to the right of the view


def hexagon_layer(
    points: list[Point], states: list[str], extent: float, theme: str
) -> tuple[pdk.Layer, tuple[LegendEntry, ...]]:
    """The layer of hexagons, and the entries of its legend.

    `points` in kilometres, `states` of the appeals there in the same order, `extent` of the view in kilometres.
    """
    hexagon_size = max(extent / HEXAGONS_ACROSS / sqrt(3), 1e-3)
    states_by_cell: dict[tuple[int, int], list[str]] = defaultdict(list)
    for point, state in zip(points, states, strict=True):
        states_by_cell[hexagon_cell(point, hexagon_size)].append(state)
    classes = classification.sequential_classes(
        [float(len(cell_states)) for cell_states in states_by_cell.values()], theme
    )
    hexagons: list[dict[str, Any]] = [
        {
            "polygon": hexagon_corners(axial, hexagon_size),
            "fill": hex_to_rgb(classes.colours[classes.class_index(len(cell_states))]),
            "tip": hexagon_tooltip(cell_states),
        }
        for axial, cell_states in states_by_cell.items()
    ]
    layer = pdk.Layer(
        "PolygonLayer",
        hexagons,
        id="hexagons",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*hex_to_rgb(EDGE_COLOURS[theme]), 70],
        get_polygon="polygon",
        get_fill_color="fill",
        opacity=0.85,
        stroked=True,
        get_line_color=hex_to_rgb(LINE_COLOURS[theme]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.6,
    )
    return layer, tuple(LegendEntry(fill, class_label(n, classes)) for n, fill in enumerate(classes.colours))


def class_label(class_index: int, classes: "Classification") -> str:
    """The range of appeals in a hexagon of a class, such as `3–5`."""
    first = ceil(classes.bounds[class_index - 1]) if class_index else 1
    if class_index == len(classes.bounds):
        return _("{low} and over").format(low=formats.number(first))
    last = ceil(classes.bounds[class_index]) - 1
    return formats.number(first) if last <= first else f"{formats.number(first)}–{formats.number(last)}"


def hexagon_tooltip(states: list[str]) -> str:
    """The tooltip of a hexagon: its appeals, and how many of them are overdue. `states`: those of the appeals."""
    counts = pd.Series(states).value_counts()
    n = len(states)
    lines = [ngettext("{n} appeal", "{n} appeals", n).format(n=formats.number(n))]
    lines += [_("overdue") + f": {formats.number(int(counts['overdue']))}"] if "overdue" in counts else []
    return "\n".join(lines)


def hexagon_cell(point: Point, size: float) -> tuple[int, int]:
    """The axial coordinates of the hexagon in which a point lies; `size` is from its centre to a corner."""
    q = (sqrt(3) / 3 * point[0] - point[1] / 3) / size
    r = 2 / 3 * point[1] / size
    return round_axial(q, r)


def round_axial(q: float, r: float) -> tuple[int, int]:
    """Round axial coordinates to those of the nearest hexagon, by cube rounding."""
    s = -q - r
    rounded_axes = [floor(coordinate + 0.5) for coordinate in (q, r, s)]
    errors = [abs(a - b) for a, b in zip(rounded_axes, (q, r, s), strict=True)]
    if errors[0] > errors[1] and errors[0] > errors[2]:
        rounded_axes[0] = -rounded_axes[1] - rounded_axes[2]
    elif errors[1] > errors[2]:
        rounded_axes[1] = -rounded_axes[0] - rounded_axes[2]
    return rounded_axes[0], rounded_axes[1]


def hexagon_corners(axial: tuple[int, int], size: float) -> list[Point]:
    """The six corners of a hexagon, given by its axial coordinates."""
    x, y = size * sqrt(3) * (axial[0] + axial[1] / 2), size * 1.5 * axial[1]
    angles = [pi / 180 * (60 * n - 30) for n in range(6)]
    return [(round(x + size * cos(angle), 3), round(y + size * sin(angle), 3)) for angle in angles]
