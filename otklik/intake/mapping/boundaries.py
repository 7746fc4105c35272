"""The boundaries that a mapping names: a GeoJSON file beside it, written to the folder that screens read."""

import json
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.name_matching import normalized_name

AREA_TYPES = ("Polygon", "MultiPolygon")
MAX_LON, MAX_LAT = 360, 90
"""Degrees. Boundaries may go on beyond the antimeridian."""
Feature = dict[str, Any]


def read_boundaries(path: Path) -> list[Feature]:
    """The features of a GeoJSON file, each with a code or a name. Raises BadFile for one that can't be drawn."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        for feature in features:
            properties = feature["properties"]
            if not (properties.get("code") or properties.get("name")):
                raise BadFile(f"{path.name} has a feature without `code` or `name` in its properties.")
            label = short_quote(str(properties.get("code") or properties.get("name")))
            if feature["geometry"]["type"] not in AREA_TYPES:
                raise BadFile(f"{path.name} has {label} as {feature['geometry']['type']}: expected a polygon.")
            if not all(_is_in_degrees(point) for point in _points(feature["geometry"]["coordinates"])):
                raise BadFile(
                    f"{path.name} has {label} in other coordinates than degrees:"
                    " expected longitude and latitude (WGS 84)."
                )
    except OSError as error:
        raise BadFile(f"The boundaries {path} can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"{path.name} isn't a GeoJSON file of boundaries: expected a FeatureCollection.") from error
    return list(features)


def add_codes(features: list[Feature], codes_by_name: dict[str, str]) -> tuple[list[Feature], list[str]]:
    """The features with the code of their territory, and the names of those that have none.

    `codes_by_name`: by normalized name. A feature that has a code already keeps it.
    """
    coded_features, unknown_names = [], []
    for feature in features:
        properties = feature["properties"]
        name = str(properties.get("name", ""))
        if code := properties.get("code") or codes_by_name.get(normalized_name(name)):
            coded_features.append({"type": "Feature", "properties": {"code": code}, "geometry": feature["geometry"]})
        else:
            unknown_names.append(name)
    return coded_features, unknown_names


def write_boundaries(features: list[Feature], path: Path) -> None:
    """Write the features whole or not at all. Raises BadFile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": features}, file, ensure_ascii=False)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise BadFile(f"The boundaries can't be written to {path} ({error.strerror}).") from error


def _points(coordinates: list[Any]) -> Iterator[list[Any]]:
    """The points of nested lists."""
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for part in coordinates:
        yield from _points(part)


def _is_in_degrees(point: list[Any]) -> bool:
    lon, lat = (float(degrees) for degrees in point[:2])
    return math.isfinite(lon + lat) and abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT
