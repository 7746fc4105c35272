"""Boundaries on an equal-area plane in kilometres, y downwards as on a screen; projected once in each process."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from math import cos, radians, sin, sqrt
from pathlib import Path

Point = tuple[float, float]
Polygon = list[list[Point]]

BOUNDARIES_FOLDER = Path(__file__).parent / "boundaries"
EARTH_RADIUS_KM = 6371.0072  # of the sphere with the surface area of the earth
# Latitudes of the parallels, and longitude and latitude of the centre, that suit all of Russia.
STANDARD_PARALLELS, PROJECTION_CENTRE = (52.0, 64.0), (100.0, 58.0)


def project_albers(lon: float, lat: float) -> Point:
    """Project by Albers' equal-area conic projection on a sphere.

    Source: J. P. Snyder (1987), Map Projections: A Working Manual, p. 100.
    """
    sin_first, sin_second = (sin(radians(parallel)) for parallel in STANDARD_PARALLELS)
    cone_constant = (sin_first + sin_second) / 2
    constant = 1 - sin_first**2 + 2 * cone_constant * sin_first

    def radius(latitude: float) -> float:
        return EARTH_RADIUS_KM * sqrt(constant - 2 * cone_constant * sin(radians(latitude))) / cone_constant

    theta = cone_constant * radians(lon - PROJECTION_CENTRE[0])
    return radius(lat) * sin(theta), radius(lat) * cos(theta) - radius(PROJECTION_CENTRE[1])


def project_sinusoidal(lon: float, lat: float, centre: Point) -> Point:
    """Project by the sinusoidal projection: equal areas, true shapes near `centre`; for places without boundaries."""
    return EARTH_RADIUS_KM * radians(lon - centre[0]) * cos(radians(lat)), -EARTH_RADIUS_KM * radians(lat - centre[1])


@cache
def territory_boundaries() -> dict[str, list[Polygon]]:
    """The polygons of each territory with boundaries, by its code; points in kilometres, rounded to 0.1 km."""
    polygons_by_code: dict[str, list[Polygon]] = {}
    for file in sorted(BOUNDARIES_FOLDER.glob("*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            geometry = feature["geometry"]
            polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            polygons_by_code[feature["properties"]["code"]] = [
                [_project_ring(ring) for ring in polygon] for polygon in polygons
            ]
    return polygons_by_code


def _project_ring(ring: list[list[float]]) -> list[Point]:
    return [(round(x, 1), round(y, 1)) for x, y in (project_albers(lon, lat) for lon, lat in ring)]


@cache
def group_borders(groups: tuple[tuple[str, ...], ...]) -> list[list[Point]]:
    """The line segments around groups of territories (given by codes), without borders inside a group."""
    groups_by_edge: dict[tuple[Point, Point], list[int]] = {}
    for group_index, group in enumerate(groups):
        for edge in _boundary_edges(group):
            groups_by_edge.setdefault(edge, []).append(group_index)
    return [
        [a, b]
        for (a, b), group_indexes in groups_by_edge.items()
        if len(group_indexes) == 1 or len(set(group_indexes)) > 1
    ]


def _boundary_edges(codes: Iterable[str]) -> Iterator[tuple[Point, Point]]:
    for code in codes:
        for polygon in territory_boundaries().get(code, []):
            for ring in polygon:
                for a, b in pairwise(ring):
                    yield (a, b) if a <= b else (b, a)


def bounding_box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of points. Raises ValueError without points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
