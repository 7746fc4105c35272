"""Boundaries of a GeoJSON file: read, repaired where they cross themselves, and written."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

from otklik.intake.errors import BadFile, short_quote

AREA_TYPES = ("Polygon", "MultiPolygon")
MAX_LON, MAX_LAT = 360, 90
"""Degrees. Boundaries may go on beyond the antimeridian."""
EXACT_FOLDER = "exact"
"""Below the folder of the maps' boundaries: those with every point of the file, by which appeals are placed."""
DECIMALS = 7
"""Of the degrees that are written: about a centimetre."""


class BoundaryFeature(NamedTuple):
    """An area of a file: its properties and its polygons, longitude and latitude in degrees (WGS 84)."""

    properties: dict[str, Any]
    area: shapely.Geometry


def read_features(path: Path) -> list[BoundaryFeature]:
    """The polygons of a GeoJSON file with their properties; those that cross themselves are repaired.

    Raises BadFile for anything but a FeatureCollection of polygons in degrees.
    """
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = [_read_feature(path, number, feature) for number, feature in enumerate(collection["features"], 1)]
    except OSError as error:
        raise BadFile(f"The boundaries {path} can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise BadFile(f"{path.name} isn't a GeoJSON file of boundaries: expected a FeatureCollection.") from error
    if not features:
        raise BadFile(f"{path.name} has no features: expected a polygon for each territory.")
    return features


def _read_feature(path: Path, number: int, feature: Mapping[str, Any]) -> BoundaryFeature:
    properties, geometry = dict(feature["properties"] or {}), feature["geometry"]
    label = f"feature {number}"
    if (name := properties.get("name") or properties.get("code")) is not None:
        label += f", {short_quote(str(name))},"
    if geometry is None or geometry["type"] not in AREA_TYPES:
        kind = "no geometry" if geometry is None else f"a {geometry['type']}"
        raise BadFile(f"{path.name}: {label} has {kind}: expected a polygon.")
    area = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    points = shapely.get_coordinates(area)
    if not len(points):
        raise BadFile(f"{path.name}: {label} has an empty polygon: expected one with an area.")
    if not np.isfinite(points).all() or (np.abs(points) > (MAX_LON, MAX_LAT)).any():
        raise BadFile(
            f"{path.name}: {label} has other coordinates than degrees: expected longitude and latitude (WGS 84)."
        )
    area = _repaired(area)
    if area.is_empty:
        raise BadFile(f"{path.name}: {label} has a polygon without an area: expected one with an area.")
    return BoundaryFeature(properties, area)


def _repaired(area: shapely.Geometry) -> shapely.Geometry:
    """The area as valid polygons; lines and points that a repair leaves over are dropped."""
    if shapely.is_valid(area):
        return area
    parts = shapely.get_parts(shapely.make_valid(area, method="structure", keep_collapsed=False))
    polygons = [part for part in shapely.get_parts(parts) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons) if len(polygons) != 1 else polygons[0]


def feature_of(code: str, area: shapely.Geometry) -> dict[str, Any]:
    """A GeoJSON feature with `code` in its properties."""
    geometry = json.loads(shapely.to_geojson(shapely.transform(area, lambda points: np.round(points, DECIMALS))))
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def write_features(features: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write a FeatureCollection whole or not at all, readable by everybody. Raises BadFile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": list(features)}, file, ensure_ascii=False)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise BadFile(f"The boundaries can't be written to {path} ({error.strerror}).") from error
