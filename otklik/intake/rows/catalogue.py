"""Topics and organisations of a file: found by name, added when they are new."""

from functools import lru_cache
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from otklik.intake.mapping.model import ImportMapping
from otklik.intake.mapping.territories import Territory
from otklik.intake.name_matching import MAX_CACHED_SPELLINGS, check_new_names, normalized_name, slug, unused_code
from otklik.intake.rows.territory_lookup import TerritoryLookup

TopicPath = tuple[str, ...]


class TopicLookup:
    """Ids of topics by their path of names: category, subcategory, fact."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping) -> None:
        """Reads the existing topics with their names in every language."""
        self._connection = connection
        self._code_prefix = mapping.code
        self._ids: dict[TopicPath, int] = {}
        self._cached_id = lru_cache(MAX_CACHED_SPELLINGS)(self._find_or_insert)
        self._ids_by_code: dict[str, int] = {}
        stored: dict[int, tuple[int | None, str, dict[str, str]]] = {}
        # Parents come first.
        for topic_id, parent_id, code, name, names in connection.execute(
            "SELECT id, parent_id, code, name, names FROM topic ORDER BY level, id"
        ):
            stored[topic_id] = (parent_id, name, names)
            self._ids_by_code[code] = topic_id
        for language in ("", *sorted({name_language for _, _, names in stored.values() for name_language in names})):
            paths: dict[int | None, TopicPath] = {None: ()}
            for topic_id, (parent_id, name, names) in stored.items():
                paths[topic_id] = (*paths[parent_id], normalized_name(names.get(language, name)))
                self._ids.setdefault(paths[topic_id], topic_id)
        self._stored_count = len(self._ids_by_code)

    def ensure_id(self, names: TopicPath) -> int:
        """The id of the topic at a path of names; adds it, and its parents, when it is new."""
        return self._cached_id(names)

    def _find_or_insert(self, names: TopicPath) -> int:
        path = tuple(map(normalized_name, names))
        if path not in self._ids:
            check_new_names("topics", len(self._ids_by_code) - self._stored_count)
            parent_id = self._find_or_insert(names[:-1]) if names[:-1] else None
            code = unused_code(".".join([self._code_prefix, *map(slug, names)]), self._ids_by_code)
            row = self._connection.execute(
                "INSERT INTO topic (parent_id, level, code, name) VALUES (%s, %s, %s, %s) RETURNING id",
                (parent_id, len(names), code, names[-1]),
            ).fetchone()
            self._ids[path] = self._ids_by_code[code] = int(row[0]) if row else 0
        return self._ids[path]


class OrganisationLookup:
    """Ids of organisations by name, among those of a region and of its country."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping, territories: TerritoryLookup) -> None:
        """Reads the existing organisations with their names in every language."""
        self._connection = connection
        self._mapping = mapping
        self._territories = territories
        self._names_by_alias = {normalized_name(alias): name for alias, name in mapping.organisation_names.items()}
        self._short_names = {normalized_name(name): short for name, short in mapping.organisation_short_names.items()}
        self._ids: dict[tuple[str, str], int] = {}
        self._cached_id = lru_cache(MAX_CACHED_SPELLINGS)(self._find_or_insert)
        self._used_codes: set[str] = set()
        for organisation_id, code, territory_id, name, names in connection.execute(
            "SELECT id, code, territory_id, name, names FROM organisation ORDER BY id"
        ):
            self._used_codes.add(code)
            # Absent when another transaction added the territory after the territories were read.
            if territory := territories.region_of.get(territory_id):
                for translated_name in (name, *names.values()):
                    self._ids.setdefault((territory.code, normalized_name(translated_name)), organisation_id)
        self._stored_count = len(self._used_codes)

    def ensure_id(self, region: Territory, source_name: str) -> int:
        """The id of a region's organisation by its name in the file; adds it when it is new."""
        return self._cached_id(region.code, source_name)

    def _find_or_insert(self, region_code: str, source_name: str) -> int:
        region = self._territories.territory(region_code)
        name = self._names_by_alias.get(normalized_name(source_name), source_name)
        country = self._territories.country_of(region)
        organisation_id = self._ids.get(
            (region.code, normalized_name(name)), self._ids.get((country.code, normalized_name(name)))
        )
        if organisation_id is not None:
            return organisation_id
        check_new_names("organisations", len(self._used_codes) - self._stored_count)
        level = next(
            (level for pattern, level in self._mapping.level_patterns if pattern.search(name)),
            self._mapping.default_level,
        )
        territory = country if level == "federal" else region
        code = unused_code(f"{self._mapping.code}.{slug(territory.code)}.{slug(source_name)}", self._used_codes)
        short_name = self._short_names.get(normalized_name(name))
        row = self._connection.execute(
            "INSERT INTO organisation (territory_id, level, code, name, short_names) VALUES (%s, %s, %s, %s, %s)"
            " RETURNING id",
            (
                self._territories.ensure_id(territory),
                level,
                code,
                name,
                Jsonb({"en": short_name} if short_name else {}),
            ),
        ).fetchone()
        self._used_codes.add(code)
        self._ids[territory.code, normalized_name(name)] = new_id = int(row[0]) if row else 0
        return new_id
