"""Boundaries on a plane, projected once a process: equal areas, kilometres, y downwards as on a screen."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from math import cos, radians, sin, sqrt
from pathlib import Path

Point = tuple[float, float]
Polygon = list[list[Point]]

FOLDER = Path(__file__).parent / "boundaries"
EARTH = 6371.0072  # km: the sphere with the earth's area
# Parallels and centre that suit the whole of Russia.
PARALLELS, CENTRE = (52.0, 64.0), (100.0, 58.0)


def albers(lon: float, lat: float) -> Point:
    """Albers' equal-area conic projection (J. P. Snyder, 1987, Map Projections, p. 100, on a sphere)."""
    first, second = (sin(radians(parallel)) for parallel in PARALLELS)
    cone = (first + second) / 2
    const = 1 - first**2 + 2 * cone * first

    def radius(at: float) -> float:
        return EARTH * sqrt(const - 2 * cone * sin(radians(at))) / cone

    turn = cone * radians(lon - CENTRE[0])
    return radius(lat) * sin(turn), radius(lat) * cos(turn) - radius(CENTRE[1])


def flat(lon: float, lat: float, middle: Point) -> Point:
    """A sinusoidal projection about a point: equal areas, and right shapes near it. For places without boundaries."""
    return EARTH * radians(lon - middle[0]) * cos(radians(lat)), -EARTH * radians(lat - middle[1])


@cache
def boundaries() -> dict[str, list[Polygon]]:
    """The polygons of each territory that has any, by its code: rings of points in whole hundreds of metres."""
    found: dict[str, list[Polygon]] = {}
    for file in sorted(FOLDER.glob("*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            geometry = feature["geometry"]
            parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            found[feature["properties"]["code"]] = [[_ring(ring) for ring in part] for part in parts]
    return found


def _ring(ring: list[list[float]]) -> list[Point]:
    return [(round(x, 1), round(y, 1)) for x, y in (albers(lon, lat) for lon, lat in ring)]


@cache
def borders(groups: tuple[tuple[str, ...], ...]) -> list[list[Point]]:
    """The lines around groups of territories, without those inside a group: pairs of points."""
    seen: dict[tuple[Point, Point], list[int]] = {}
    for n, group in enumerate(groups):
        for edge in _edges(group):
            seen.setdefault(edge, []).append(n)
    return [[a, b] for (a, b), at in seen.items() if len(at) == 1 or len(set(at)) > 1]


def _edges(codes: Iterable[str]) -> Iterator[tuple[Point, Point]]:
    for code in codes:
        for polygon in boundaries().get(code, []):
            for ring in polygon:
                for a, b in pairwise(ring):
                    yield (a, b) if a <= b else (b, a)


def box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of some points. Raises ValueError for none."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
