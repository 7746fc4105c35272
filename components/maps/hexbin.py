"""Many appeals on a map as hexagons: how many lie in each, and how many of them are overdue."""

from collections import defaultdict
from math import ceil, cos, floor, pi, sin, sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pydeck as pdk

from components.maps import classification
from components.maps.classification import rgb
from components.maps.geometry import Point
from components.maps.layers import EDGE, LINE
from components.maps.legend import Entry
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from components.maps.classification import Classes

ACROSS = 26  # hexagons from the left to the right of what is in sight


def hexagon_layer(
    places: list[Point], states: list[str], wide: float, look: str
) -> tuple[pdk.Layer, tuple[Entry, ...]]:
    """The layer of the hexagons and what their colours mean.

    `places` in kilometres, their `states`, and how many kilometres are in sight.
    """
    size = max(wide / ACROSS / sqrt(3), 1e-3)
    held: dict[tuple[int, int], list[str]] = defaultdict(list)
    for place, state in zip(places, states, strict=True):
        held[cell(place, size)].append(state)
    found = classification.sequential([float(len(inside)) for inside in held.values()], look)
    data: list[dict[str, Any]] = [
        {
            "polygon": corners(at, size),
            "fill": rgb(found.colours[found.of(len(inside))]),
            "tip": said(inside),
        }
        for at, inside in held.items()
    ]
    layer = pdk.Layer(
        "PolygonLayer",
        data,
        id="hexagons",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*rgb(EDGE[look]), 70],
        get_polygon="polygon",
        get_fill_color="fill",
        opacity=0.85,
        stroked=True,
        get_line_color=rgb(LINE[look]),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.6,
    )
    return layer, tuple(Entry(fill, span(n, found)) for n, fill in enumerate(found.colours))


def span(n: int, found: "Classes") -> str:
    """How many appeals a hexagon of a class has: `3–5`."""
    first = ceil(found.bounds[n - 1]) if n else 1
    if n == len(found.bounds):
        return _("{low} and over").format(low=formats.number(first))
    last = ceil(found.bounds[n]) - 1
    return formats.number(first) if last <= first else f"{formats.number(first)}–{formats.number(last)}"


def said(states: list[str]) -> str:
    """What a hexagon says when it is pointed at."""
    counts = pd.Series(states).value_counts()
    n = len(states)
    lines = [ngettext("{n} appeal", "{n} appeals", n).format(n=formats.number(n))]
    lines += [_("overdue") + f": {formats.number(int(counts['overdue']))}"] if "overdue" in counts else []
    return "\n".join(lines)


def cell(place: Point, size: float) -> tuple[int, int]:
    """The hexagon (by axial coordinates) that a point lies in; its corners lie `size` from its middle."""
    q = (sqrt(3) / 3 * place[0] - place[1] / 3) / size
    r = 2 / 3 * place[1] / size
    return rounded(q, r)


def rounded(q: float, r: float) -> tuple[int, int]:
    """The nearest whole axial coordinates (cube rounding)."""
    s = -q - r
    whole = [floor(one + 0.5) for one in (q, r, s)]
    off = [abs(a - b) for a, b in zip(whole, (q, r, s), strict=True)]
    if off[0] > off[1] and off[0] > off[2]:
        whole[0] = -whole[1] - whole[2]
    elif off[1] > off[2]:
        whole[1] = -whole[0] - whole[2]
    return whole[0], whole[1]


def corners(at: tuple[int, int], size: float) -> list[Point]:
    """The six corners of a hexagon."""
    x, y = size * sqrt(3) * (at[0] + at[1] / 2), size * 1.5 * at[1]
    turns = [pi / 180 * (60 * n - 30) for n in range(6)]
    return [(round(x + size * cos(turn), 3), round(y + size * sin(turn), 3)) for turn in turns]
