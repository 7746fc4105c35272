"""Territories, and those that a mapping brings along."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from otklik.intake.dates import zone
from otklik.intake.errors import BadFile
from otklik.intake.mapping import Mapping

NUMBERS = {"population": int, "lon": float, "lat": float}
LANGUAGES = ("ru", "hr")


@dataclass
class Place:
    """A territory; `id` is None until the database has it."""

    code: str
    level: str
    name: str
    timezone: str
    id: int | None = None
    parent: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    numbers: dict[str, float | None] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone; the database and the mapping have made sure that there is one."""
        return zone(self.timezone) or ZoneInfo("UTC")


def brought(mapping: Mapping) -> Iterator[Place]:
    """The territories of its file and its [[territories.add]], parents first. Raises BadFile."""
    rows: Iterable[dict[str, Any]] = mapping.territories
    if mapping.territories_file:
        with mapping.territories_file.open(encoding="utf-8", newline="") as file:
            rows = [*csv.DictReader(file), *rows]
    known: set[str] = set()
    for row in rows:
        said = {name: str(value) for name, value in row.items() if value not in {"", None}}
        try:
            place = Place(
                code=said["code"],
                level=said["level"],
                name=said["name"],
                timezone=said["timezone"],
                parent=said.get("parent"),
                names={each: said[f"name_{each}"] for each in LANGUAGES if f"name_{each}" in said},
                aliases=tuple(said.get("aliases", "").split("|")) if "aliases" in said else (),
                numbers={name: number(said[name]) for name, number in NUMBERS.items() if name in said},
            )
        except (KeyError, ValueError) as error:
            raise BadFile(f"The mapping {mapping.code} has a territory with a wrong or missing {error}.") from error
        if zone(place.timezone) is None or (place.parent not in known and place.level != "country"):
            raise BadFile(f"The mapping {mapping.code} has a territory {place.code} without timezone or parent.")
        known.add(place.code)
        yield place
