"""Topics and organisations of a file: found by their names, made when they are new."""

from typing import Any

from psycopg import Connection

from otklik.intake.mapping import Mapping
from otklik.intake.name_matching import key, slug, unused
from otklik.intake.territories import Place
from otklik.intake.territory_lookup import Places

Path = tuple[str, ...]


class Topics:
    """The catalogue: category → subcategory → fact."""

    def __init__(self, connection: Connection[Any], mapping: Mapping) -> None:
        """Reads the topics that the database has, under their names in every language."""
        self._connection = connection
        self._prefix = mapping.code
        self._ids: dict[Path, int] = {}
        self._cells: dict[Path, int] = {}
        self._codes: dict[str, int] = {}
        stored: dict[int, tuple[int | None, str, dict[str, str]]] = {}
        # What is above comes first.
        for id_, parent, code, name, names in connection.execute(
            "SELECT id, parent_id, code, name, names FROM topic ORDER BY level, id"
        ):
            stored[id_] = (parent, name, names)
            self._codes[code] = id_
        for language in ("", *sorted({each for _, _, names in stored.values() for each in names})):
            paths: dict[int | None, Path] = {None: ()}
            for id_, (parent, name, names) in stored.items():
                paths[id_] = (*paths[parent], key(names.get(language, name)))
                self._ids.setdefault(paths[id_], id_)

    def id(self, names: Path) -> int:
        """The id of the topic that this path of names leads to, made if need be."""
        if names not in self._cells:
            self._cells[names] = self._id(names)
        return self._cells[names]

    def _id(self, names: Path) -> int:
        path = tuple(map(key, names))
        if path not in self._ids:
            above = self._id(names[:-1]) if names[:-1] else None
            code = unused(".".join([self._prefix, *map(slug, names)]), self._codes)
            row = self._connection.execute(
                "INSERT INTO topic (parent_id, level, code, name) VALUES (%s, %s, %s, %s) RETURNING id",
                (above, len(names), code, names[-1]),
            ).fetchone()
            self._ids[path] = self._codes[code] = int(row[0]) if row else 0
        return self._ids[path]


class Organisations:
    """Organisations, by name among those of the region and of its country."""

    def __init__(self, connection: Connection[Any], mapping: Mapping, places: Places) -> None:
        """Reads the organisations that the database has, under their names in every language."""
        self._connection = connection
        self._mapping = mapping
        self._places = places
        self._names = {key(word): name for word, name in mapping.organisations.items()}
        self._ids: dict[tuple[str, str], int] = {}
        self._cells: dict[tuple[str, str], int] = {}
        self._codes: set[str] = set()
        for id_, code, territory, name, names in connection.execute(
            "SELECT id, code, territory_id, name, names FROM organisation ORDER BY id"
        ):
            self._codes.add(code)
            # None when another transaction made the territory after we read them.
            if place := places.region_of.get(territory):
                for each in (name, *names.values()):
                    self._ids.setdefault((place.code, key(each)), id_)

    def id(self, region: Place, word: str) -> int:
        """The id of the organisation that this region calls so, made if need be."""
        cell = (region.code, word)
        if cell not in self._cells:
            self._cells[cell] = self._id(region, word)
        return self._cells[cell]

    def _id(self, region: Place, word: str) -> int:
        name = self._names.get(key(word), word)
        country = self._places.country(region)
        found = self._ids.get((region.code, key(name)), self._ids.get((country.code, key(name))))
        if found is not None:
            return found
        level = next((level for sign, level in self._mapping.levels if sign.search(name)), self._mapping.level)
        place = country if level == "federal" else region
        code = unused(f"{self._mapping.code}.{slug(place.code)}.{slug(word)}", self._codes)
        row = self._connection.execute(
            "INSERT INTO organisation (territory_id, level, code, name) VALUES (%s, %s, %s, %s) RETURNING id",
            (self._places.id(place), level, code, name),
        ).fetchone()
        self._codes.add(code)
        self._ids[place.code, key(name)] = made = int(row[0]) if row else 0
        return made
