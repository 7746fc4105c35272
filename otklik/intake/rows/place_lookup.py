"""The region and municipality of a point, for files that have points and no names."""

from collections.abc import Mapping
from typing import NamedTuple

from otklik.intake.boundaries.point_locator import PointLocator, stored_areas
from otklik.intake.errors import BadFile
from otklik.intake.mapping.boundaries import read_boundaries
from otklik.intake.mapping.model import ImportMapping
from otklik.intake.mapping.territories import Territory
from otklik.intake.name_matching import normalized_name
from otklik.settings import read_settings


class Place(NamedTuple):
    """A territory by its code, or, where the boundaries have none, by its name."""

    code: str = ""
    name: str = ""


class PlaceLookup:
    """Places by point: by the boundaries of the data folder, and those of the mapping, which go before."""

    def __init__(self, mapping: ImportMapping, territories: Mapping[str, Territory]) -> None:
        """`territories`: by code. Raises BadFile where there are no boundaries at all."""
        codes_by_name = {
            normalized_name(name): territory.code
            for territory in territories.values()
            for name in (territory.name, *territory.names.values())
        }
        areas = {Place(code): area for code, area in stored_areas([read_settings().data_folder / "boundaries"]).items()}
        for feature in read_boundaries(mapping.boundaries_file) if mapping.boundaries_file else []:
            name = str(feature.properties.get("name", ""))
            code = str(feature.properties.get("code") or codes_by_name.get(normalized_name(name), ""))
            areas[Place(code) if code else Place(name=name)] = feature.area
        self._places = {"".join(place): place for place in areas}
        # What the database doesn't know by a code or name is a municipality, which is added by its name.
        levels = {
            place: territories[place.code].level if place.code in territories else "municipality" for place in areas
        }
        self._regions, self._municipalities = (
            PointLocator({"".join(place): area for place, area in areas.items() if levels[place] == level})
            for level in ("region", "municipality")
        )
        if not areas:
            raise BadFile(
                f"The mapping {mapping.code} places appeals by their points, and there are no boundaries:"
                " name a file of them in [territories], or add them by `otklik territory import`."
            )

    def region_at(self, lon: float, lat: float) -> Place:
        """The region that a point lies in; an empty place outside all of them."""
        return self._place(self._regions.name_at(lon, lat))

    def municipality_at(self, lon: float, lat: float) -> Place:
        """The municipality that a point lies in; an empty place outside all of them."""
        return self._place(self._municipalities.name_at(lon, lat))

    def _place(self, key: str | None) -> Place:
        return Place() if key is None else self._places[key]
