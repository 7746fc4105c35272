"""Territories, and reading those that a mapping defines."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from otklik.intake.errors import BadFile
from otklik.intake.mapping.dates import time_zone
from otklik.intake.mapping.model import ImportMapping

NUMERIC_COLUMNS = {"population": int, "lon": float, "lat": float}
NAME_LANGUAGES = ("ru", "hr")
SHORT_NAME_COLUMNS = {"short": "en", "short_ru": "ru", "short_hr": "hr"}


@dataclass
class Territory:
    """A territory; `id` is None until it is in the database. `parent` is the parent's code."""

    code: str
    level: str
    name: str
    timezone: str
    id: int | None = None
    parent: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    numbers: dict[str, float | None] = field(default_factory=dict)
    short_names: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, which the database and the mapping have checked."""
        return time_zone(self.timezone) or ZoneInfo("UTC")


def mapping_territories(mapping: ImportMapping) -> Iterator[Territory]:
    """The territories of a mapping's file and its [[territories.add]], parents first. Raises BadFile."""
    rows: Iterable[dict[str, Any]] = mapping.added_territories
    if mapping.territories_file:
        with mapping.territories_file.open(encoding="utf-8", newline="") as file:
            rows = [*csv.DictReader(file), *rows]
    known_codes: set[str] = set()
    for row in rows:
        try:
            territory = territory_from_row(row)
        except (KeyError, ValueError) as error:
            raise BadFile(f"The mapping {mapping.code} has a territory with a wrong or missing {error}.") from error
        if time_zone(territory.timezone) is None or (
            territory.parent not in known_codes and territory.level != "country"
        ):
            raise BadFile(f"The mapping {mapping.code} has a territory {territory.code} without timezone or parent.")
        known_codes.add(territory.code)
        yield territory


def territory_from_row(row: Mapping[str, Any]) -> Territory:
    """A territory from its fields by name, as the columns of `ru.csv` are called; empty ones count as missing.

    Raises KeyError with the name of a required field that is missing, and ValueError for a number that is none.
    """
    values = {name: str(value) for name, value in row.items() if value not in {"", None}}
    return Territory(
        code=values["code"],
        level=values["level"],
        name=values["name"],
        timezone=values["timezone"],
        parent=values.get("parent"),
        names={language: values[f"name_{language}"] for language in NAME_LANGUAGES if f"name_{language}" in values},
        aliases=tuple(values.get("aliases", "").split("|")) if "aliases" in values else (),
        numbers={name: convert(values[name]) for name, convert in NUMERIC_COLUMNS.items() if name in values},
        short_names={language: values[name] for name, language in SHORT_NAME_COLUMNS.items() if name in values},
    )
