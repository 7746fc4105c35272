"""Boundaries on a plane."""

from itertools import pairwise
from math import radians, sin

import pytest

from components.maps.boundaries.boundary_files import Polygon, territory_boundaries
from components.maps.geometry import (
    EARTH_RADIUS_KM,
    Projection,
    bounding_box,
    group_borders,
    projected_polygons,
    projection_around,
    projection_of,
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
    projection = projection_of(tuple(territory_boundaries()))
    assert area(projected_polygons(code, projection)) == pytest.approx(square_kilometres, rel=0.06)


def test_a_cap_between_two_parallels_has_its_area() -> None:
    """A degree of longitude between 55° and 56° N, against the sphere's own formula."""
    projection = Projection(100, 58)
    ring = [projection.project(lon, lat) for lon, lat in ((99.5, 55), (100.5, 55), (100.5, 56), (99.5, 56), (99.5, 55))]
    truth = EARTH_RADIUS_KM**2 * radians(1) * (sin(radians(56)) - sin(radians(55)))
    assert area([[ring]]) == pytest.approx(truth, rel=0.001)


CITIES = {
    "New York": (-74.0, 40.7),
    "Zagreb": (15.98, 45.81),
    "Quito": (-78.5, -0.2),
    "Nairobi": (36.8, -1.3),
    "Sydney": (151.2, -33.9),
    "Ushuaia": (-68.3, -54.8),
    "Suva": (178.4, -18.1),
}


@pytest.mark.parametrize("city", CITIES)
def test_north_is_up_and_east_is_right_on_any_continent(city: str) -> None:
    lon, lat = CITIES[city]
    corners = {"north": (lon, lat + 3), "south": (lon, lat - 3), "west": (lon - 3, lat), "east": (lon + 3, lat)}
    # Longitudes past the antimeridian are written as negative ones.
    corners = {side: ((x + 180) % 360 - 180, y) for side, (x, y) in corners.items()}
    projection = projection_around(corners.values())
    places = {side: projection.project(*corner) for side, corner in corners.items()}
    assert places["north"][1] < -300 < 300 < places["south"][1]
    assert places["west"][0] < -150 < 150 < places["east"][0]
    assert bounding_box(places.values())[2] < 400


def test_russia_and_each_region_alone_are_upright() -> None:
    for codes in (tuple(territory_boundaries()), ("RU-KGD",), ("RU-CHU",)):
        projection = projection_of(codes)
        for code in codes:
            lons, lats = zip(*territory_boundaries()[code][0][0], strict=True)
            lon, south, north = sum(lons) / len(lons), min(lats), max(lats)
            assert projection.project(lon, north)[1] < projection.project(lon, south)[1]


def test_the_far_east_is_in_one_piece_with_the_rest() -> None:
    left, _top, right, _bottom = bounding_box(
        point
        for polygon in projected_polygons("RU-CHU", projection_of(tuple(territory_boundaries())))
        for point in polygon[0]
    )
    assert right - left < 1_500


def test_every_region_has_a_boundary() -> None:
    assert len(territory_boundaries()) == 83


def test_a_border_inside_a_group_is_none() -> None:
    projection = projection_of(("RU-KHM", "RU-YAN"))
    apart = group_borders((("RU-KHM",), ("RU-YAN",)), projection)
    together = group_borders((("RU-KHM", "RU-YAN"),), projection)
    shared = len(apart) - len(together)
    assert shared > 10
    # Each piece of the shared border is there once: the two regions have it alike.
    alone = len(group_borders((("RU-KHM",),), projection)) + len(group_borders((("RU-YAN",),), projection))
    assert alone - len(together) == 2 * shared
