"""Boundaries on an equal-area plane in kilometres, y downwards as on a screen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians, sin, sqrt

from components.maps.boundaries.boundary_files import (
    BoundaryFiles,
    Point,
    Polygon,
    boundary_files,
    territory_boundaries,
)

EARTH_RADIUS_KM = 6371.0072  # of the sphere with the surface area of the earth
WIDE_DEGREES = 10.0
"""A map at least this wide or high is drawn to 0.1 km, a smaller one to a metre."""


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection on a sphere: true areas anywhere, true shapes near the centre.

    `digits`: the decimals that kilometres are rounded to. Source: J. P. Snyder (1987), Map Projections: A Working
    Manual, p. 185.
    """

    centre_lon: float
    centre_lat: float
    digits: int = 3

    def project(self, lon: float, lat: float) -> Point:
        """A point in kilometres from the centre: x to the east, y to the south."""
        turn, latitude, centre = radians(lon - self.centre_lon), radians(lat), radians(self.centre_lat)
        cosine = sin(centre) * sin(latitude) + cos(centre) * cos(latitude) * cos(turn)
        # The point opposite to the centre would lie on the whole edge of the map.
        scale = EARTH_RADIUS_KM * sqrt(2 / max(1 + cosine, 1e-9))
        y = scale * (cos(centre) * sin(latitude) - sin(centre) * cos(latitude) * cos(turn))
        return round(scale * cos(latitude) * sin(turn), self.digits), round(-y, self.digits)


def projection_around(points: Iterable[Point]) -> Projection:
    """The projection centred on the extent of points (longitude, latitude), also across the antimeridian.

    Raises ValueError without points.
    """
    lons, lats = zip(*points, strict=True)
    # The extent is what the widest gap between neighbouring longitudes leaves.
    around = sorted({lon % 360 for lon in lons})
    gaps = [(b - a, b) for a, b in pairwise([*around, around[0] + 360])]
    widest_gap, west = max(gaps)
    width, height = 360 - widest_gap, max(lats) - min(lats)
    centre_lon = (west + width / 2 + 180) % 360 - 180
    return Projection(centre_lon, (max(lats) + min(lats)) / 2, 1 if hypot(width, height) >= WIDE_DEGREES else 3)


def projection_of(codes: tuple[str, ...]) -> Projection:
    """The projection for a map of these territories, at least one of which has boundaries."""
    return _projection_of(codes, boundary_files())


@lru_cache(maxsize=64)
def _projection_of(codes: tuple[str, ...], _files: BoundaryFiles) -> Projection:
    boundaries = territory_boundaries()
    return projection_around(point for code in codes for polygon in boundaries.get(code, []) for point in polygon[0])


def projected_polygons(code: str, projection: Projection) -> list[Polygon]:
    """The polygons of a territory in kilometres; none if it has no boundaries."""
    return _projected_polygons(code, projection, boundary_files())


@lru_cache(maxsize=512)
def _projected_polygons(code: str, projection: Projection, _files: BoundaryFiles) -> list[Polygon]:
    return [
        [[projection.project(lon, lat) for lon, lat in ring] for ring in polygon]
        for polygon in territory_boundaries().get(code, [])
    ]


def group_borders(groups: tuple[tuple[str, ...], ...], projection: Projection) -> list[list[Point]]:
    """The line segments around groups of territories (given by codes), without borders inside a group."""
    return _group_borders(groups, projection, boundary_files())


@lru_cache(maxsize=64)
def _group_borders(
    groups: tuple[tuple[str, ...], ...], projection: Projection, _files: BoundaryFiles
) -> list[list[Point]]:
    groups_by_edge: dict[tuple[Point, Point], list[int]] = {}
    for group_index, group in enumerate(groups):
        for edge in _boundary_edges(group, projection):
            groups_by_edge.setdefault(edge, []).append(group_index)
    return [
        [a, b]
        for (a, b), group_indexes in groups_by_edge.items()
        if len(group_indexes) == 1 or len(set(group_indexes)) > 1
    ]


def _boundary_edges(codes: Iterable[str], projection: Projection) -> Iterator[tuple[Point, Point]]:
    for code in codes:
        for polygon in projected_polygons(code, projection):
            for ring in polygon:
                for a, b in pairwise(ring):
                    yield (a, b) if a <= b else (b, a)


def bounding_box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of points. Raises ValueError without points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
