"""Which of two numbers is the latitude."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from otklik.intake.inference.columns.profile import NUMBER, TWO_NUMBERS, ColumnProfile
from otklik.intake.inference.draft import Draft
from otklik.intake.inference.fields.territory import KnownRegions, Region

FIRST_NUMBER = r"(-?\d+(?:\.\d+)?)"
SECOND_NUMBER = r"\d[,;\s]+(-?\d+(?:\.\d+)?)"
MAX_LATITUDE = 90
MAX_COMPARED = 2000
CLEARLY_NEARER = 3
"""By how many times the points have to be nearer to their region in the other order."""


@dataclass(frozen=True)
class Place:
    """Two numbers of a row, and its region if that is known."""

    first: float
    second: float
    region: Region | None


def add_point(draft: Draft, columns: dict[str, ColumnProfile], known: KnownRegions, fixed: Region | None) -> None:
    """Add `lat` and `lon` to a draft, the right way round, with a doubt where that isn't what names say."""
    regions = columns.get("region")

    def region_of(row: int) -> Region | None:
        return fixed or (known.find(str(regions.cells[row])) if regions else None)

    if "lat" in columns:
        lat, lon = columns["lat"], columns["lon"]
        places = [
            Place(float(str(first).replace(",", ".")), float(str(second).replace(",", ".")), region_of(row))
            for row, (first, second) in enumerate(zip(lat.cells, lon.cells, strict=True))
            if NUMBER.fullmatch(str(first)) and NUMBER.fullmatch(str(second))
        ]
        if is_swapped(places):
            draft.doubts.append(
                f"Latitude and longitude seem to be swapped: `lat` is read from “{lon.name}”, `lon` from “{lat.name}”."
            )
            lat, lon = lon, lat
        draft.columns |= {"lat": lat.name, "lon": lon.name}
    elif "point" in columns:
        column = columns["point"]
        matches = [(row, TWO_NUMBERS.fullmatch(str(cell))) for row, cell in enumerate(column.cells)]
        places = [Place(float(match[2]), float(match[4]), region_of(row)) for row, match in matches if match]
        has_lon_first = any(match and match["start"].upper().startswith("POINT") for _, match in matches)
        if has_lon_first:
            places = [Place(place.second, place.first, place.region) for place in places]
        if is_swapped(places):
            has_lon_first = not has_lon_first
            order = "longitude before latitude" if has_lon_first else "latitude before longitude"
            draft.doubts.append(f"“{column.name}” seems to have {order}.")
        patterns = (SECOND_NUMBER, FIRST_NUMBER) if has_lon_first else (FIRST_NUMBER, SECOND_NUMBER)
        for field, pattern in zip(("lat", "lon"), patterns, strict=True):
            draft.columns[field] = {"column": column.name, "pattern": pattern}


def is_swapped(places: Iterable[Place]) -> bool:
    """Whether the first numbers are longitudes: no latitudes for being too large, or else far from their regions."""
    straight = swapped = 0.0
    for place in list(places)[:MAX_COMPARED]:
        if place.first == place.second == 0:
            continue
        if abs(place.first) > MAX_LATITUDE >= abs(place.second):
            return True
        if abs(place.second) > MAX_LATITUDE:
            return False
        if place.region is not None and place.region.lon is not None and place.region.lat is not None:
            straight += _distance(place.second, place.first, place.region.lon, place.region.lat)
            swapped += _distance(place.first, place.second, place.region.lon, place.region.lat)
    return straight > CLEARLY_NEARER * swapped


def _distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """In degrees of latitude, roughly."""
    return math.hypot((lon - other_lon) * math.cos(math.radians(other_lat)), lat - other_lat)
