"""Boundaries with fewer points, for maps: neighbours still share their borders."""

from collections.abc import Sequence
from math import cos, hypot, radians
from typing import Any, NamedTuple

import numpy as np
import shapely

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere with the radius 6,371 km."""
PIXELS_ACROSS = 2000
"""Of a map on a large screen: finer than that across its diagonal, nobody sees a boundary."""


class Simplification(NamedTuple):
    """Simplified areas in the order of those before, how many points there were and are, and what looks wrong."""

    areas: list[shapely.Geometry]
    points_before: int
    points_after: int
    warnings: list[str]


def simplify(areas: Sequence[shapely.Geometry], names: Sequence[str], tolerance_m: float | None) -> Simplification:
    """Neighbouring areas with fewer points, whose shared borders stay shared; by Visvalingam and Whyatt's method.

    `tolerance_m`: metres, the side of the square whose area a left-out triangle has at most; 0 keeps every point, None
    takes what can't be seen on a map of all of them. `names` are for the warnings.
    """
    array = np.asarray(areas, dtype=object)
    point_count = int(shapely.get_num_coordinates(array).sum())
    warnings = _coverage_warnings(array, names)
    scale = cos(radians(_middle_latitude(array)))
    plane = shapely.transform(array, lambda points: points * (scale * METRES_PER_DEGREE, METRES_PER_DEGREE))
    tolerance = _unseen_metres(plane) if tolerance_m is None else tolerance_m
    if tolerance > 0:
        simpler = shapely.coverage_simplify(plane, tolerance)
        # Where areas overlap, the method promises nothing: what it spoils stays as it was.
        plane = np.where(shapely.is_valid(simpler) & ~shapely.is_empty(simpler), simpler, plane)
    back = shapely.transform(plane, lambda points: points / (scale * METRES_PER_DEGREE, METRES_PER_DEGREE))
    return Simplification(list(back), point_count, int(shapely.get_num_coordinates(back).sum()), warnings)


def _middle_latitude(areas: np.ndarray[Any, Any]) -> float:
    _, south, _, north = shapely.total_bounds(areas)
    # At a pole, all longitudes meet.
    return float(np.clip((south + north) / 2, -85, 85))


def _unseen_metres(areas: np.ndarray[Any, Any]) -> float:
    west, south, east, north = shapely.total_bounds(areas)
    return hypot(east - west, north - south) / PIXELS_ACROSS


def _coverage_warnings(areas: np.ndarray[Any, Any], names: Sequence[str]) -> list[str]:
    edges = shapely.coverage_invalid_edges(areas)
    unmatched = [name for name, edge in zip(names, edges, strict=True) if not shapely.is_empty(edge)]
    if not unmatched:
        return []
    listed = ", ".join(unmatched[:5]) + (f" and {len(unmatched) - 5:,} more" if len(unmatched) > 5 else "")  # noqa: PLR2004 - as many as a line has room for
    return [f"Boundaries overlap their neighbours or have other points than they on a shared border: {listed}."]
