"""The territories of a file: regions found by their names, municipalities found or made."""

from collections.abc import Iterator
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from otklik.intake.errors import BadFile, RowRejected, short_quote
from otklik.intake.mapping import ImportMapping
from otklik.intake.name_matching import normalized_name, normalized_words, slug, unused_code
from otklik.intake.territories import NUMERIC_COLUMNS, Territory, mapping_territories


class TerritoryLookup:
    """All territories that the database has or that the mapping brings along."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping) -> None:
        """Raises BadFile for a mapping whose territories are wrong."""
        self._connection = connection
        self._by_code = {territory.code: territory for territory in mapping_territories(mapping)}
        for territory in _stored_territories(connection):
            territory.aliases = self._by_code[territory.code].aliases if territory.code in self._by_code else ()
            self._by_code[territory.code] = territory
        self._regions: dict[frozenset[str], Territory] = {}
        self._municipalities: dict[tuple[str, str], int] = {}
        self._cells: dict[tuple[str, str], int | None] = {}
        by_id = {territory.id: territory for territory in self._by_code.values() if territory.id is not None}
        for territory in self._by_code.values():
            for name in (territory.code, territory.name, *territory.names.values(), *territory.aliases):
                if territory.level == "region":
                    self._regions.setdefault(normalized_words(name), territory)
                elif territory.level == "municipality" and territory.id is not None:
                    self._municipalities[str(territory.parent), normalized_name(name)] = territory.id
        self.region_of = {territory.id: self._up(territory, "region") for territory in by_id.values()}
        self._constant = None if mapping.region is None else self._by_code.get(mapping.region)
        if mapping.region is not None and (self._constant is None or self._constant.level != "region"):
            raise BadFile(f"The mapping {mapping.code} names the region {mapping.region}, which nobody knows.")

    def region(self, name: str) -> Territory:
        """The region of this name, or the one that all rows of the source have. Raises Rejected."""
        if self._constant is not None:
            return self._constant
        territory = self._regions.get(normalized_words(name))
        if territory is None:
            raise RowRejected("an unknown region", short_quote(name))
        return territory

    def id(self, territory: Territory) -> int:
        """Its id, after making it and what is above it if need be."""
        if territory.id is None:
            parent_id = self.id(self._by_code[territory.parent]) if territory.parent else None
            territory.id = self._made(territory, parent_id)
        return territory.id

    def country(self, territory: Territory) -> Territory:
        """The country that it is in, or the topmost territory above it."""
        return self._up(territory, "country")

    def municipality(self, region: Territory, name: str) -> int | None:
        """The id of a municipality, made when it is new; None without a name."""
        cache_key = (region.code, name)
        if cache_key not in self._cells:
            self._cells[cache_key] = self._municipality(region, name)
        return self._cells[cache_key]

    def _municipality(self, region: Territory, name: str) -> int | None:
        lookup_key = (region.code, normalized_name(name))
        if lookup_key[1] and lookup_key not in self._municipalities:
            code = unused_code(f"{region.code}-{slug(name).upper()}", self._by_code)
            territory = Territory(code, "municipality", name, region.timezone, parent=region.code)
            self._by_code[code] = territory
            self._municipalities[lookup_key] = self.id(territory)
        return self._municipalities.get(lookup_key)

    def _up(self, territory: Territory, level: str) -> Territory:
        while territory.level != level and territory.parent is not None:
            territory = self._by_code[territory.parent]
        return territory

    def _made(self, territory: Territory, parent_id: int | None) -> int:
        values = (
            parent_id,
            territory.level,
            territory.code,
            territory.name,
            Jsonb(territory.names),
            territory.timezone,
        )
        numbers = tuple(territory.numbers.get(name) for name in NUMERIC_COLUMNS)
        # Imports of two sources make territories in turn: in different orders they would lock each other out.
        self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('otklik import territories', 0))")
        row = self._connection.execute(
            """
            INSERT INTO territory (parent_id, level, code, name, names, timezone, population, lon, lat)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
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
