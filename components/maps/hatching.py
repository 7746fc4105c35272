"""Hatching of territories whose class is unclear: slanted lines clipped to areas, circles and tiles.

deck.gl's own fill patterns are an extension that Streamlit's bundle doesn't have; lines are drawn by every map.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from math import sqrt

import numpy as np
import pydeck as pdk

from components.maps.boundaries.boundary_files import Point
from components.maps.classification import hex_to_rgb
from components.maps.geometry import bounding_box

HATCH_COLOURS = {"light": "#1F2937", "dark": "#F3F4F6"}
SPACING_SHARE = 1 / 110
"""The distance between two lines, as a share of the map's larger extent."""
OPACITY = 150  # of 255
Segment = tuple[Point, Point]
Ring = tuple[Point, ...]


def hatch_layers(
    layers: Iterable[pdk.Layer], codes: Collection[str], viewport_points: list[Point], theme: str
) -> list[pdk.Layer]:
    """A layer of lines over the territories with these codes in the layers of areas, circles and tiles; none without.

    `viewport_points`: the points in view, in kilometres.
    """
    if not codes:
        return []
    left, top, right, bottom = bounding_box(viewport_points)
    spacing = max(right - left, bottom - top) * SPACING_SHARE
    lines = [
        {"a": a, "b": b, "code": code}
        for layer in layers
        if layer.id in ("areas", "circles", "tiles")
        for feature in layer.data
        if (code := (feature.get("properties") or feature)["code"]) in codes
        for a, b in _feature_segments(feature, spacing)
    ]
    return [
        pdk.Layer(
            "LineLayer",
            lines,
            id="hatching",
            get_source_position="a",
            get_target_position="b",
            get_color=[*hex_to_rgb(HATCH_COLOURS[theme]), OPACITY],
            get_width=1,
        )
    ]


def _feature_segments(feature: dict[str, object], spacing: float) -> list[Segment]:
    geometry = feature.get("geometry")
    if isinstance(geometry, dict):
        polygons = geometry["coordinates"]
    elif isinstance(feature.get("polygon"), list):
        polygons = [[feature["polygon"]]]
    else:
        return circle_segments(feature["at"], float(str(feature["size"])), spacing)  # type: ignore[arg-type]
    return [
        segment
        for polygon in polygons
        for segment in hatch_segments(tuple(tuple(map(tuple, ring)) for ring in polygon), spacing)
    ]


@lru_cache(maxsize=4096)
def hatch_segments(rings: tuple[Ring, ...], spacing: float) -> list[Segment]:
    """The parts of parallel lines at 45 degrees that lie inside a polygon with holes, by the even-odd rule.

    All polygons of a map share the lines, `spacing` kilometres apart, so that hatching goes on across borders.
    """
    starts = np.concatenate([np.array(ring, dtype=float) for ring in rings])
    ends = np.concatenate([np.roll(np.array(ring, dtype=float), -1, axis=0) for ring in rings])
    # On a line x + y is constant: its number, counted in steps between two lines.
    step = spacing * sqrt(2)
    start_sums, end_sums = starts.sum(axis=1) / step, ends.sum(axis=1) / step
    segments: list[Segment] = []
    first, last = np.ceil(start_sums.min()), np.floor(start_sums.max())
    for line in np.arange(first, last + 1):
        is_crossed = (start_sums <= line) != (end_sums <= line)
        part = (line - start_sums[is_crossed]) / (end_sums[is_crossed] - start_sums[is_crossed])
        crossings = starts[is_crossed] + part[:, None] * (ends[is_crossed] - starts[is_crossed])
        points = [(round(float(x), 2), round(float(y), 2)) for x, y in crossings[np.argsort(crossings[:, 0])]]
        segments += list(zip(points[::2], points[1::2], strict=True))
    return segments


def circle_segments(centre: Point, radius: float, spacing: float) -> list[Segment]:
    """The chords of a circle on the lines of `hatch_segments`."""
    x, y = centre
    step = spacing * sqrt(2)
    reach = radius * sqrt(2)  # of x + y within the circle
    segments = []
    for line in np.arange(np.ceil((x + y - reach) / step), np.floor((x + y + reach) / step) + 1):
        offset = line * step - x - y
        half = sqrt(max(radius**2 - offset**2 / 2, 0.0)) / sqrt(2)
        middle_x, middle_y = x + offset / 2, y + offset / 2
        a = (round(float(middle_x - half), 3), round(float(middle_y + half), 3))
        segments.append((a, (round(float(middle_x + half), 3), round(float(middle_y - half), 3))))
    return segments
