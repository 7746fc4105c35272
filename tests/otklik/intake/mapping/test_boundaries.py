"""Boundaries beside a mapping, for the map of its regions or municipalities."""

import json
from pathlib import Path

import pandas as pd
import pytest

from components.maps import geometry
from components.maps.boundaries import boundary_files
from components.maps.boundaries.boundary_files import territory_boundaries
from components.maps.cartogram import territory_scene
from otklik.intake.errors import BadFile
from otklik.intake.importer import import_file
from otklik.intake.mapping.boundaries import read_boundaries
from tests.support.imports.city_shapes import BOROUGHS, write_new_york

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def test_boroughs_are_drawn_upright_as_areas(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, mapping = write_new_york(tmp_path)
    data_folder = tmp_path / "data"
    summary = import_file(url, file, str(mapping), boundaries_folder=data_folder / "boundaries")
    assert not [warning for warning in summary.warnings if "oundaries" in warning]
    # The folder is looked at once a second.
    monkeypatch.setattr(boundary_files, "LOOK_SECONDS", 1e-9)
    monkeypatch.setenv("OTKLIK_DATA", str(data_folder))
    codes = [f"US-NYC-{name.replace(' ', '-')}" for name in BOROUGHS]
    assert set(codes) <= set(territory_boundaries())
    projection = geometry.projection_of(tuple(codes))
    centre = {code: geometry.projected_polygons(code, projection)[0][0][0] for code in codes}
    assert centre["US-NYC-STATEN-ISLAND"][1] > centre["US-NYC-MANHATTAN"][1] + 20  # kilometres to the south
    rows = pd.DataFrame(
        [
            {"code": code, "name": code, "regions": (), "lon": -74.0, "lat": 40.7, "received": 1,
             "fill": "#808080", "unclear": False, "text": "1", "tip": "1"}
            for code in codes
        ]
    )  # fmt: skip
    scene = territory_scene(rows, ("US-NYC",), "light")
    assert [layer.id for layer in scene.layers] == ["areas", "borders"]
    left, top, right, bottom = geometry.bounding_box(scene.viewport_points)
    assert 30 < right - left < 60
    assert 30 < bottom - top < 60


def test_unknown_names_are_warned_about(url: str, tmp_path: Path) -> None:
    file, mapping = write_new_york(tmp_path)
    boundaries = tmp_path / "boroughs.geojson"
    boundaries.write_text(boundaries.read_text().replace("Bronx", "Yonkers"))
    summary = import_file(url, file, str(mapping), dry_run=True)
    assert "Boundaries without a territory of their name are not drawn: Yonkers." in summary.warnings


def test_boundaries_without_a_code_or_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps({"features": [{"properties": {"id": 1}, "geometry": SQUARE}]}))
    with pytest.raises(BadFile, match=r"b\.geojson has a feature, the 1\., without `code` or `name`"):
        read_boundaries(path)
