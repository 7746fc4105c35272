"""The boundaries of territories, from the files that come with Otklik and those of the data folder."""

import json
import logging
from functools import lru_cache
from pathlib import Path
from time import monotonic

from otklik.settings import read_settings

Point = tuple[float, float]
Polygon = list[list[Point]]
BoundaryFiles = tuple[tuple[Path, int, int], ...]
"""Files of boundaries: the path, when it was last changed (nanoseconds since 1970), and its bytes."""

BOUNDARIES_FOLDER = Path(__file__).parent
LOOK_SECONDS = 1.0
"""How long what stands in the folders is taken for known: a map asks for each of its territories."""


def territory_boundaries() -> dict[str, list[Polygon]]:
    """The polygons of each territory with boundaries, by its code, in degrees. Changed files are read again.

    They are in files `*.geojson` that come with Otklik, or in the folder `boundaries` of the data folder; one of the
    latter replaces one of the former. A file that can't be read is logged and left out.
    """
    return _boundaries_in(boundary_files())


def boundary_files() -> BoundaryFiles:
    """The files of boundaries as they are now, for caches of what is made of them."""
    return _files_at(monotonic() // LOOK_SECONDS)


@lru_cache(maxsize=1)
def _files_at(_moment: float) -> BoundaryFiles:
    states = []
    for folder in (BOUNDARIES_FOLDER, read_settings().data_folder / "boundaries"):
        for file in sorted(folder.glob("*.geojson")):
            try:
                state = file.stat()
            except OSError:  # removed meanwhile
                continue
            states.append((file, state.st_mtime_ns, state.st_size))
    return tuple(states)


@lru_cache(maxsize=1)
def _boundaries_in(files: BoundaryFiles) -> dict[str, list[Polygon]]:
    polygons_by_code: dict[str, list[Polygon]] = {}
    for file, _changed_at, _size in files:
        try:
            polygons_by_code |= _read_polygons(file)
        except (OSError, ValueError, KeyError, TypeError) as error:
            logging.getLogger(__name__).warning("No boundaries from %s: %r", file, error)
    return polygons_by_code


def _read_polygons(file: Path) -> dict[str, list[Polygon]]:
    polygons_by_code: dict[str, list[Polygon]] = {}
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        polygons_by_code[feature["properties"]["code"]] = [
            [[(float(lon), float(lat)) for lon, lat, *_height in ring] for ring in polygon] for polygon in polygons
        ]
    return polygons_by_code
