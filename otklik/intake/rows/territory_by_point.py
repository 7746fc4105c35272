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


class NamedTerritory(NamedTuple):
    """A territory by its code, or, where the boundaries have none, by its name."""

    code: str = ""
    name: str = ""


class TerritoryByPoint:
    """Territories by point: by the boundaries of the data folder, and those of the mapping, which go before."""

    def __init__(self, mapping: ImportMapping, territories: Mapping[str, Territory]) -> None:
        """`territories`: by code. Raises BadFile where there are no boundaries at all."""
        codes_by_name = {
            normalized_name(name): territory.code
            for territory in territories.values()
            for name in (territory.name, *territory.names.values())
        }
        areas = {
            NamedTerritory(code): area
            for code, area in stored_areas([read_settings().data_folder / "boundaries"]).items()
        }
        for feature in read_boundaries(mapping.boundaries_file) if mapping.boundaries_file else []:
            name = str(feature.properties.get("name", ""))
            code = str(feature.properties.get("code") or codes_by_name.get(normalized_name(name), ""))
            areas[NamedTerritory(code) if code else NamedTerritory(name=name)] = feature.area
        self._territories = {"".join(named): named for named in areas}
        # What the database doesn't know by a code or name is a municipality, which is added by its name.
        levels = {
            named: territories[named.code].level if named.code in territories else "municipality" for named in areas
        }
        self._regions, self._municipalities = (
            PointLocator({"".join(named): area for named, area in areas.items() if levels[named] == level})
            for level in ("region", "municipality")
        )
        if not areas:
            raise BadFile(
                f"The mapping {mapping.code} places appeals by their points, and there are no boundaries:"
                " name a file of them in [territories], or add them by `otklik territory import`."
            )

    def region_at(self, lon: float, lat: float) -> NamedTerritory:
        """The region that a point lies in; an empty one outside all of them."""
        return self._territory(self._regions.name_at(lon, lat))

    def municipality_at(self, lon: float, lat: float) -> NamedTerritory:
        """The municipality that a point lies in; an empty one outside all of them."""
        return self._territory(self._municipalities.name_at(lon, lat))

    def _territory(self, key: str | None) -> NamedTerritory:
        return NamedTerritory() if key is None else self._territories[key]
