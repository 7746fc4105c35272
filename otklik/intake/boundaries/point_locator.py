"""In which territory a point lies, by boundaries."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import shapely

from otklik.intake.boundaries.boundary_file import EXACT_FOLDER, BoundaryFeature, read_features
from otklik.intake.errors import BadFile


class PointLocator:
    """The areas of some territories, none of which lies in another."""

    def __init__(self, areas: Mapping[str, shapely.Geometry]) -> None:
        """`areas`: by any name of the territory; longitude and latitude in degrees."""
        self._names: list[str] = sorted(areas)
        polygons = [areas[name] for name in self._names]
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)

    def name_at(self, lon: float, lat: float) -> str | None:
        """The name of the territory that a point lies in; of two on a shared border the first by name."""
        # Boundaries that go on beyond the antimeridian have longitudes above 180.
        for longitude in (lon, lon + 360) if lon < 0 else (lon,):
            positions = self._tree.query(shapely.Point(longitude, lat), predicate="intersects")
            if len(positions):
                return self._names[int(min(positions))]
        return None


def stored_areas(folders: Sequence[Path]) -> dict[str, shapely.Geometry]:
    """The areas of all boundaries in the folders by the territory's code.

    Those of a later folder replace those of an earlier one, and those below `EXACT_FOLDER` the maps'. A file that can't
    be used is logged and left out.
    """
    return {
        str(feature.properties["code"]): feature.area
        for folder in folders
        for feature in _features_of((folder, folder / EXACT_FOLDER))
        if feature.properties.get("code")
    }


def _features_of(folders: Sequence[Path]) -> Iterator[BoundaryFeature]:
    for folder in folders:
        for file in sorted(folder.glob("*.geojson")):
            try:
                yield from read_features(file)
            except BadFile as error:
                logging.getLogger(__name__).warning("No boundaries from %s: %s", file, error)
