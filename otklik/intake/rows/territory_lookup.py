"""Territories of a file: regions found by name, municipalities found or added."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from otklik.intake.errors import BadFile, RowRejected, UnknownWord, short_quote
from otklik.intake.mapping.model import ImportMapping
from otklik.intake.mapping.territories import NUMERIC_COLUMNS, Territory, mapping_territories
from otklik.intake.name_matching import (
    MAX_CACHED_SPELLINGS,
    check_new_names,
    normalized_name,
    normalized_words,
    slug,
    unused_code,
)
from otklik.intake.rows.territory_by_point import TerritoryByPoint


class TerritoryLookup:
    """All territories of the database and of the mapping."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping) -> None:
        """Raises BadFile for a mapping with wrong territories."""
        self._connection = connection
        self._by_code = {territory.code: territory for territory in mapping_territories(mapping)}
        for territory in _stored_territories(connection):
            territory.aliases = self._by_code[territory.code].aliases if territory.code in self._by_code else ()
            self._by_code[territory.code] = territory
        self._regions_by_words: dict[frozenset[str], Territory] = {}
        self._municipality_ids: dict[tuple[str, str], int] = {}
        self._cached_municipality_id = lru_cache(MAX_CACHED_SPELLINGS)(self._ensure_municipality)
        by_id = {territory.id: territory for territory in self._by_code.values() if territory.id is not None}
        for territory in self._by_code.values():
            for name in (territory.code, territory.name, *territory.names.values(), *territory.aliases):
                if territory.level == "region":
                    self._regions_by_words.setdefault(normalized_words(name), territory)
                elif territory.level == "municipality" and territory.id is not None:
                    self._municipality_ids[str(territory.parent), normalized_name(name)] = territory.id
        self._stored_count = len(self._municipality_ids)
        self.region_of = {territory.id: self._ancestor(territory, "region") for territory in by_id.values()}
        self._fixed_region = None if mapping.fixed_region is None else self._by_code.get(mapping.fixed_region)
        if mapping.fixed_region is not None and (self._fixed_region is None or self._fixed_region.level != "region"):
            raise BadFile(f"The mapping {mapping.code} names the unknown region {mapping.fixed_region}.")
        self._places = TerritoryByPoint(mapping, self._by_code) if mapping.by_point else None

    def region(self, name: str, lon: float | None = None, lat: float | None = None) -> Territory:
        """The region of a name, the one region of the source, or without a name that of a point where it goes by them.

        Raises UnknownWord for an unknown name, and RowRejected for a point that lies in no region.
        """
        if self._fixed_region is not None:
            return self._fixed_region
        if not name and self._places is not None:
            return self._region_at(lon, lat)
        territory = self._regions_by_words.get(normalized_words(name))
        if territory is None:
            raise UnknownWord("an unknown region", short_quote(name))
        return territory

    def ensure_id(self, territory: Territory) -> int:
        """The territory's id; adds it, and its parents, when it isn't in the database."""
        if territory.id is None:
            parent_id = self.ensure_id(self._by_code[territory.parent]) if territory.parent else None
            territory.id = self._insert(territory, parent_id)
        return territory.id

    def territory(self, code: str) -> Territory:
        """The territory with this code."""
        return self._by_code[code]

    def country_of(self, territory: Territory) -> Territory:
        """The country of a territory, or else the topmost territory above it."""
        return self._ancestor(territory, "country")

    def municipality_id(
        self, region: Territory, name: str, lon: float | None = None, lat: float | None = None
    ) -> int | None:
        """The id of a region's municipality of a name; adds it when it is new.

        Without a name, that of a point where the source goes by them, else None.
        """
        if not name and self._places is not None and lon is not None and lat is not None:
            place = self._places.municipality_at(lon, lat)
            territory = self._by_code.get(place.code)
            if territory is not None:
                return self.ensure_id(territory) if territory.parent == region.code else None
            name = place.name
        return self._cached_municipality_id(region.code, name)

    def codes_by_name(self) -> dict[str, str]:
        """The codes of all territories by normalized name; of two with one name the lowest level and last one."""
        levels = ("country", "district", "region", "municipality")
        territories = sorted(self._by_code.values(), key=lambda territory: levels.index(territory.level))
        return {
            normalized_name(name): territory.code
            for territory in territories
            for name in (territory.name, *territory.names.values(), *territory.aliases)
            if territory.id is not None
        }

    def _region_at(self, lon: float | None, lat: float | None) -> Territory:
        if self._places is None or lon is None or lat is None:
            raise RowRejected("no region: neither a name nor a point")
        territory = self._by_code.get(self._places.region_at(lon, lat).code)
        if territory is None:
            # A municipality's boundaries tell the region, too.
            territory = self._by_code.get(self._places.municipality_at(lon, lat).code)
        if territory is None:
            raise RowRejected("a point in no region", f"{lon}, {lat}")
        return self._ancestor(territory, "region")

    def _ensure_municipality(self, region_code: str, name: str) -> int | None:
        region = self._by_code[region_code]
        lookup_key = (region.code, normalized_name(name))
        if lookup_key[1] and lookup_key not in self._municipality_ids:
            check_new_names("municipalities", len(self._municipality_ids) - self._stored_count)
            code = unused_code(f"{region.code}-{slug(name).upper()}", self._by_code)
            territory = Territory(code, "municipality", name, region.timezone, parent=region.code)
            self._by_code[code] = territory
            self._municipality_ids[lookup_key] = self.ensure_id(territory)
        return self._municipality_ids.get(lookup_key)

    def _ancestor(self, territory: Territory, level: str) -> Territory:
        while territory.level != level and territory.parent is not None:
            territory = self._by_code[territory.parent]
        return territory

    def _insert(self, territory: Territory, parent_id: int | None) -> int:
        values = (
            parent_id,
            territory.level,
            territory.code,
            territory.name,
            Jsonb(territory.names),
            Jsonb(territory.short_names),
            territory.timezone,
        )
        numbers = tuple(territory.numbers.get(name) for name in NUMERIC_COLUMNS)
        # Imports of two sources add territories one after the other: in different orders they could deadlock.
        self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('otklik import territories', 0))")
        row = self._connection.execute(
            """
            INSERT INTO territory (parent_id, level, code, name, names, short_names, timezone, population, lon, lat)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (code) DO UPDATE SET code = excluded.code
            RETURNING id
            """,
            (*values, *numbers),
        ).fetchone()
        return int(row[0]) if row else 0


def _stored_territories(connection: Connection[Any]) -> Iterator[Territory]:
    rows = connection.execute(
        """
        SELECT t.code, t.level, t.name, t.timezone, t.id, above.code, t.names
        FROM territory AS t LEFT JOIN territory AS above ON above.id = t.parent_id
        ORDER BY t.id
        """
    )
    return (Territory(*row) for row in rows)
