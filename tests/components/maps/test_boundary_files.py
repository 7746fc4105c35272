"""Boundaries of the data folder, which may come and change while Otklik runs."""

import json
from itertools import count
from pathlib import Path

import pytest

from components.maps.boundaries import boundary_files
from components.maps.boundaries.boundary_files import LOOK_SECONDS, territory_boundaries
from components.maps.geometry import Projection, group_borders, projected_polygons, projection_of


def write_square(file: Path, degrees: float) -> None:
    ring = [[0, 0], [degrees, 0], [degrees, degrees], [0, degrees], [0, 0]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "XX"}, "geometry": polygon}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_what_is_imported_while_otklik_runs_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = count(step=2 * LOOK_SECONDS)
    monkeypatch.setattr(boundary_files, "monotonic", lambda: next(looks))
    monkeypatch.setenv("OTKLIK_DATA", str(tmp_path))
    assert "XX" not in territory_boundaries()
    (tmp_path / "boundaries").mkdir()
    file = tmp_path / "boundaries" / "own.geojson"
    write_square(file, 1)
    projection = Projection(0, 0)
    small = projected_polygons("XX", projection), group_borders((("XX",),), projection), projection_of(("XX",))
    assert territory_boundaries()["XX"][0][0][2] == (1, 1)
    write_square(file, 2)
    large = projected_polygons("XX", projection), group_borders((("XX",),), projection), projection_of(("XX",))
    assert all(before != after for before, after in zip(small, large, strict=True))
    file.unlink()
    assert "XX" not in territory_boundaries()
