"""The boundaries that a mapping names: a GeoJSON file beside it, written to the folder that screens read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from otklik.intake.boundaries.boundary_file import BoundaryFeature, feature_of, read_features
from otklik.intake.errors import BadFile
from otklik.intake.name_matching import normalized_name


def read_boundaries(path: Path) -> list[BoundaryFeature]:
    """The areas of a GeoJSON file, each with a code or a name. Raises BadFile for one that can't be drawn."""
    features = read_features(path)
    for number, feature in enumerate(features, 1):
        if not (feature.properties.get("code") or feature.properties.get("name")):
            raise BadFile(f"{path.name} has a feature, the {number}., without `code` or `name` in its properties.")
    return features


def coded_features(
    features: Sequence[BoundaryFeature], codes_by_name: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """GeoJSON features with the code of their territory, and the names of those that have none.

    `codes_by_name`: by normalized name. A feature that has a code already keeps it.
    """
    coded, unknown_names = [], []
    for properties, area in features:
        name = str(properties.get("name", ""))
        if code := properties.get("code") or codes_by_name.get(normalized_name(name)):
            coded.append(feature_of(str(code), area))
        else:
            unknown_names.append(name)
    return coded, unknown_names
