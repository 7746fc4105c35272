"""Boundaries on a plane."""

from itertools import pairwise
from math import radians, sin

import pytest

from components.maps.geometry import (
    EARTH_RADIUS_KM,
    Polygon,
    bounding_box,
    group_borders,
    project_albers,
    project_sinusoidal,
    territory_boundaries,
)


def area(polygons: list[Polygon]) -> float:
    """Square kilometres (the shoelace formula); islands and mainland alike."""
    return sum(abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(polygon[0]))) / 2 for polygon in polygons)


@pytest.mark.parametrize(
    ("code", "square_kilometres"),
    # Of the national statistics; the boundaries are simplified.
    [("RU-SA", 3_083_523), ("RU-KYA", 2_366_797), ("RU-KHM", 534_801), ("RU-CHU", 721_481), ("RU-BRY", 34_857)],
)
def test_areas_are_those_of_the_earth(code: str, square_kilometres: float) -> None:
    assert area(territory_boundaries()[code]) == pytest.approx(square_kilometres, rel=0.06)


def test_a_cap_between_two_parallels_has_its_area() -> None:
    """A degree of longitude between 55° and 56° N, against the sphere's own formula."""
    ring = [project_albers(lon, lat) for lon, lat in ((99.5, 55), (100.5, 55), (100.5, 56), (99.5, 56), (99.5, 55))]
    truth = EARTH_RADIUS_KM**2 * radians(1) * (sin(radians(56)) - sin(radians(55)))
    assert area([[ring]]) == pytest.approx(truth, rel=0.001)


def test_north_is_up_and_east_is_right() -> None:
    assert project_albers(100, 60)[1] < project_albers(100, 50)[1]
    assert project_albers(40, 55)[0] < project_albers(140, 55)[0]
    assert project_sinusoidal(-71, 43, (-71.0, 42.0))[1] < project_sinusoidal(-71, 42, (-71.0, 42.0))[1]


def test_the_far_east_is_in_one_piece_with_the_rest() -> None:
    left, _top, right, _bottom = bounding_box(
        point for polygon in territory_boundaries()["RU-CHU"] for point in polygon[0]
    )
    assert right - left < 1_500


def test_every_region_has_a_boundary() -> None:
    assert len(territory_boundaries()) == 83


def test_a_border_inside_a_group_is_none() -> None:
    apart = group_borders((("RU-KHM",), ("RU-YAN",)))
    together = group_borders((("RU-KHM", "RU-YAN"),))
    shared = len(apart) - len(together)
    assert shared > 10
    # Each piece of the shared border is there once: the two regions have it alike.
    alone = len(group_borders((("RU-KHM",),))) + len(group_borders((("RU-YAN",),)))
    assert alone - len(together) == 2 * shared
