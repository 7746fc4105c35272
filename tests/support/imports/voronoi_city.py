"""A city whose districts are Voronoi cells: whatever a library says, a point lies in that of the nearest seed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from random import Random

import numpy as np
import shapely

WEST, SOUTH, EAST, NORTH = 15.80, 45.70, 16.20, 45.90
"""The city's limits in degrees."""
MAX_SEGMENT = 0.0005
"""Degrees between two points of a border, so that there is something to simplify."""


@dataclass(frozen=True)
class VoronoiCity:
    """The seeds of the districts (longitude, latitude), of which the first has the number 1, and their areas."""

    seeds: list[tuple[float, float]]
    areas: list[shapely.Geometry]

    def nearest(self, lon: float, lat: float) -> int:
        """The number of the district of a point, on the plane of degrees on which the cells were made."""
        distances = [hypot(lon - seed[0], lat - seed[1]) for seed in self.seeds]
        return distances.index(min(distances)) + 1

    def points(self, count: int, seed: int) -> list[tuple[float, float]]:
        """So many points anywhere in the city."""
        generator = Random(seed)  # noqa: S311 - a sample
        return [(generator.uniform(WEST, EAST), generator.uniform(SOUTH, NORTH)) for _ in range(count)]


def voronoi_city(districts: int, seed: int = 1) -> VoronoiCity:
    """A city of so many districts, always the same for a seed."""
    generator = Random(seed)  # noqa: S311 - a sample
    seeds = [(generator.uniform(WEST, EAST), generator.uniform(SOUTH, NORTH)) for _ in range(districts)]
    box = shapely.box(WEST, SOUTH, EAST, NORTH)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box, ordered=True)
    areas = shapely.segmentize(shapely.intersection(shapely.get_parts(cells), box), MAX_SEGMENT)
    # To a grid of a centimetre, so that neighbours have the same points on their borders.
    return VoronoiCity(seeds, list(np.asarray(shapely.set_precision(areas, 1e-7))))


def write_geojson(path: Path, areas: list[shapely.Geometry], properties: list[Mapping[str, object]]) -> Path:
    """Write a FeatureCollection."""
    features = [
        {"type": "Feature", "properties": dict(values), "geometry": json.loads(shapely.to_geojson(area))}
        for area, values in zip(areas, properties, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path
