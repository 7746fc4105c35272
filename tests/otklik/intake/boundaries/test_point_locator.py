"""Points are placed in the territory whose boundaries they lie in."""

from pathlib import Path

import shapely

from otklik.intake.boundaries.boundary_file import feature_of, write_features
from otklik.intake.boundaries.point_locator import PointLocator, stored_areas
from tests.support.imports.voronoi_city import voronoi_city


def test_ten_thousand_points_lie_in_the_district_of_the_nearest_seed() -> None:
    city = voronoi_city(40)
    locator = PointLocator({str(number): area for number, area in enumerate(city.areas, 1)})
    located = [(locator.name_at(*point), str(city.nearest(*point))) for point in city.points(10_000, seed=2)]
    assert [pair for pair in located if pair[0] != pair[1]] == []
    assert locator.name_at(0, 0) is None


def test_a_border_belongs_to_the_first_by_name_and_the_antimeridian_is_no_border() -> None:
    locator = PointLocator(
        {"B": shapely.box(1, 0, 2, 1), "A": shapely.box(0, 0, 1, 1), "C": shapely.box(170, 60, 190, 70)}
    )
    assert locator.name_at(1, 0.5) == "A"
    assert locator.name_at(175, 65) == locator.name_at(-175, 65) == "C"
    assert locator.name_at(-165, 65) is None


def test_whole_boundaries_place_rather_than_those_of_the_map(tmp_path: Path) -> None:
    folders = [tmp_path / "shipped", tmp_path / "own"]
    write_features(
        [feature_of("X", shapely.box(0, 0, 9, 9)), feature_of("Y", shapely.box(9, 0, 10, 9))], folders[0] / "a.geojson"
    )
    write_features([feature_of("X", shapely.box(0, 0, 2, 2))], folders[1] / "a.geojson")
    write_features([feature_of("X", shapely.box(0, 0, 1, 1))], folders[1] / "exact" / "a.geojson")
    (folders[1] / "broken.geojson").write_text("{")
    areas = stored_areas(folders)
    assert {code: area.area for code, area in areas.items()} == {"X": 1, "Y": 9}
