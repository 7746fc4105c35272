"""The territories of a file: regions found by their names, municipalities found or made."""

from collections.abc import Iterator
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from otklik.intake.errors import BadFile, Rejected, quoted
from otklik.intake.mapping import Mapping
from otklik.intake.name_matching import key, slug, unused, words
from otklik.intake.territories import NUMBERS, Place, brought


class Places:
    """All territories that the database has or that the mapping brings along."""

    def __init__(self, connection: Connection[Any], mapping: Mapping) -> None:
        """Raises BadFile for a mapping whose territories are wrong."""
        self._connection = connection
        self._by_code = {place.code: place for place in brought(mapping)}
        for place in _stored(connection):
            place.aliases = self._by_code[place.code].aliases if place.code in self._by_code else ()
            self._by_code[place.code] = place
        self._regions: dict[frozenset[str], Place] = {}
        self._municipalities: dict[tuple[str, str], int] = {}
        self._cells: dict[tuple[str, str], int | None] = {}
        by_id = {place.id: place for place in self._by_code.values() if place.id is not None}
        for place in self._by_code.values():
            for name in (place.code, place.name, *place.names.values(), *place.aliases):
                if place.level == "region":
                    self._regions.setdefault(words(name), place)
                elif place.level == "municipality" and place.id is not None:
                    self._municipalities[str(place.parent), key(name)] = place.id
        self.region_of = {place.id: self._up(place, "region") for place in by_id.values()}
        self._constant = None if mapping.region is None else self._by_code.get(mapping.region)
        if mapping.region is not None and (self._constant is None or self._constant.level != "region"):
            raise BadFile(f"The mapping {mapping.code} names the region {mapping.region}, which nobody knows.")

    def region(self, name: str) -> Place:
        """The region of this name, or the one that all rows of the source have. Raises Rejected."""
        if self._constant is not None:
            return self._constant
        found = self._regions.get(words(name))
        if found is None:
            raise Rejected("an unknown region", quoted(name))
        return found

    def id(self, place: Place) -> int:
        """Its id, after making it and what is above it if need be."""
        if place.id is None:
            above = self.id(self._by_code[place.parent]) if place.parent else None
            place.id = self._made(place, above)
        return place.id

    def country(self, place: Place) -> Place:
        """The country that it is in, or the topmost territory above it."""
        return self._up(place, "country")

    def municipality(self, region: Place, name: str) -> int | None:
        """The id of a municipality, made when it is new; None without a name."""
        cell = (region.code, name)
        if cell not in self._cells:
            self._cells[cell] = self._municipality(region, name)
        return self._cells[cell]

    def _municipality(self, region: Place, name: str) -> int | None:
        known = (region.code, key(name))
        if known[1] and known not in self._municipalities:
            code = unused(f"{region.code}-{slug(name).upper()}", self._by_code)
            place = Place(code, "municipality", name, region.timezone, parent=region.code)
            self._by_code[code] = place
            self._municipalities[known] = self.id(place)
        return self._municipalities.get(known)

    def _up(self, place: Place, level: str) -> Place:
        while place.level != level and place.parent is not None:
            place = self._by_code[place.parent]
        return place

    def _made(self, place: Place, above: int | None) -> int:
        values = (above, place.level, place.code, place.name, Jsonb(place.names), place.timezone)
        numbers = tuple(place.numbers.get(name) for name in NUMBERS)
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


def _stored(connection: Connection[Any]) -> Iterator[Place]:
    rows = connection.execute(
        """
        SELECT t.code, t.level, t.name, t.timezone, t.id, above.code, t.names
        FROM territory AS t LEFT JOIN territory AS above ON above.id = t.parent_id
        ORDER BY t.id
        """
    )
    return (Place(*row) for row in rows)
