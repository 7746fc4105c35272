"""The region of a file without a column for it: one that is known, or a new one that a person names."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from psycopg import Connection

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.inference.fields.zones import zones
from otklik.intake.mapping.model import MAPPINGS_FOLDER
from otklik.intake.name_matching import normalized_name, normalized_words, slug

SHIPPED_TERRITORIES = MAPPINGS_FOLDER.parent / "territories"
EXPECTED = "expected a known region, or its name, the code of its country and its time zone: Zagreb, HR, Europe/Zagreb"
REGIONS_SQL = """
    SELECT code, name, array(SELECT jsonb_each_text.value FROM jsonb_each_text(names)), timezone, lon, lat
    FROM territory WHERE level = 'region' ORDER BY code"""


@dataclass(frozen=True)
class Region:
    """A region that a mapping can name. `file` is the shipped file of territories that has it."""

    code: str
    names: tuple[str, ...]
    timezone: str
    lon: float | None = None
    lat: float | None = None
    file: str | None = None


@dataclass
class KnownRegions:
    """The regions of the database and of the shipped files."""

    regions: Sequence[Region]
    by_words: dict[frozenset[str], Region] = field(init=False)

    def __post_init__(self) -> None:
        """The first region of a name counts."""
        self.by_words = {}
        for region in self.regions:
            for name in (region.code, *region.names):
                self.by_words.setdefault(normalized_words(name), region)

    def find(self, name: str) -> Region | None:
        """The region of a code, name or alias."""
        return self.by_words.get(normalized_words(name)) if name else None


@dataclass(frozen=True)
class RegionChoice:
    """The region of all rows, and the territories that the mapping adds for it."""

    region: Region
    added: tuple[dict[str, str], ...] = ()


def shipped_regions() -> list[Region]:
    """The regions of the files of territories that come along."""
    regions = []
    for path in sorted(SHIPPED_TERRITORIES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            regions += [_shipped_region(row, path.stem) for row in csv.DictReader(file) if row["level"] == "region"]
    return regions


def stored_regions(connection: Connection[Any]) -> list[Region]:
    """The regions of the database."""
    return [
        Region(code, (name, *names), timezone, lon, lat)
        for code, name, names, timezone, lon, lat in connection.execute(REGIONS_SQL)
    ]


def _shipped_region(row: dict[str, str], file: str) -> Region:
    names = (row["name"], row.get("name_ru") or "", *(row.get("aliases") or "").split("|"))
    lon, lat = (float(row[name]) if row.get(name) else None for name in ("lon", "lat"))
    return Region(row["code"], tuple(filter(None, names)), row["timezone"], lon, lat, file)


def choose_region(answer: str, known: KnownRegions) -> RegionChoice:
    """The region that a person names. Raises BadFile for an answer that can't be used."""
    if region := known.find(answer):
        return RegionChoice(region)
    name, country, zone_name, *rest = [*(part.strip() for part in answer.split(",")), "", ""]
    if any(rest) or not name or not re.fullmatch("[A-Z]{2}", country):
        raise BadFile(f"The answer territory={short_quote(answer)} names no region: {EXPECTED}.")
    country_zones = [zone for zone in zones() if zone.country == country]
    if not country_zones:
        raise BadFile(f"The answer territory={short_quote(answer)} has an unknown country {country}: {EXPECTED}.")
    matching = [zone for zone in country_zones if zone.name == zone_name] or (
        [] if zone_name else [zone for zone in country_zones if zone.name.endswith(f"/{name.replace(' ', '_')}")]
    )
    if not matching and (zone_name or len(country_zones) > 1):
        names = ", ".join(zone.name for zone in country_zones)
        problem = f"has the time zone {zone_name}" if zone_name else "has no time zone"
        raise BadFile(f"The answer territory={short_quote(answer)} {problem}: expected one of {names}.")
    zone = (matching or country_zones)[0]
    code = f"{country}-{slug(name).upper()}"
    country_row = {"code": country, "level": "country", "name": _country_name(country, "en"), "timezone": zone.name}
    country_row |= {f"name_{language}": _country_name(country, language) for language in ("ru", "hr")}
    region_row = {"code": code, "level": "region", "parent": country, "name": name, "timezone": zone.name}
    return RegionChoice(Region(code, (name,), zone.name, zone.lon, zone.lat), (country_row, region_row))


def _country_name(country: str, language: str) -> str:
    return str(Locale(language).territories.get(country, country))


def is_known(name: str, known: KnownRegions) -> bool:
    """Whether a cell names a known region."""
    return bool(normalized_name(name)) and known.find(name) is not None
