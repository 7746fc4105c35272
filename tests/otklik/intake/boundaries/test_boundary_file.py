"""Boundaries of a file: repaired, and refused in words."""

import json
from pathlib import Path

import pytest
import shapely

from otklik.intake.boundaries.boundary_file import feature_of, read_features
from otklik.intake.errors import BadFile
from tests.support.imports.voronoi_city import write_geojson


def test_an_area_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    (feature,) = read_features(write_geojson(tmp_path / "b.geojson", [bow_tie], [{"name": "Bow"}]))
    assert feature.area.is_valid
    assert feature.area.area == pytest.approx(2)
    assert feature_of("x", feature.area)["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        (None, "feature 1, “x”, has no geometry: expected a polygon."),
        ({"type": "Point", "coordinates": [1, 2]}, "feature 1, “x”, has a Point: expected a polygon."),
        ({"type": "Polygon", "coordinates": []}, "feature 1, “x”, has an empty polygon"),
        ({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1], [1, 1]]]}, "has a polygon without an area"),
        ({"type": "Polygon", "coordinates": [[[913175, 1], [1, 9], [1, 1], [913175, 1]]]}, "other coordinates than"),
        ({"type": "Polygon", "coordinates": [[["a", 1]]]}, "isn't a GeoJSON file of boundaries"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused(geometry: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps({"features": [{"properties": {"name": "x"}, "geometry": geometry}]}))
    with pytest.raises(BadFile, match=r"b\.geojson") as refusal:
        read_features(path)
    assert message in str(refusal.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": 3}', '{"features": []}', "\0"])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(text)
    with pytest.raises(BadFile, match=r"isn't a GeoJSON file of boundaries|has no features"):
        read_features(path)
