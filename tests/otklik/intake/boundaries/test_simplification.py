"""Boundaries with fewer points, of neighbours that still share their borders."""

import numpy as np
import shapely

from otklik.intake.boundaries.simplification import simplify
from tests.support.imports.voronoi_city import voronoi_city


def test_simplified_neighbours_still_share_their_borders() -> None:
    city = voronoi_city(25)
    names = [str(number) for number in range(25)]
    result = simplify(city.areas, names, None)
    assert result.points_before > 10 * result.points_after
    assert result.warnings == []
    assert shapely.coverage_is_valid(np.asarray(result.areas))
    assert shapely.union_all(result.areas).geom_type == "Polygon"
    # Simplified one by one, they would no longer fit.
    alone = [shapely.simplify(area, 0.002) for area in city.areas]
    assert not shapely.coverage_is_valid(np.asarray(alone))
    assert simplify(city.areas, names, 0).points_after == result.points_before


def test_overlapping_neighbours_are_named_and_stay_valid() -> None:
    squares = [shapely.box(0, 0, 1, 1), shapely.box(0.9, 0, 2, 1), shapely.box(5, 5, 6, 6)]
    result = simplify(squares, ["West", "East", "Far"], 100)
    assert result.warnings == [
        "Boundaries overlap their neighbours or have other points than they on a shared border: West, East."
    ]
    assert all(shapely.is_valid(area) and not area.is_empty for area in result.areas)
