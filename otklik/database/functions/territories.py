"""Adding and renaming territories on the owner's connection."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.functions.save_outcomes import SaveOutcome, save_outcome

STORED_SQL = """
    SELECT t.code, t.name, t.level, above.code AS parent, t.timezone
    FROM territory AS t LEFT JOIN territory AS above ON above.id = t.parent_id"""
# Another import adds territories under the same lock: in different orders they could deadlock.
LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('otklik import territories', 0))"
SAVE_SQL = text("""
    INSERT INTO territory AS t
        (parent_id, level, code, name, names, short_names, timezone, population, lon, lat)
    VALUES ((SELECT id FROM territory WHERE code = :parent), :level, :code, :name, :names, :short_names, :timezone,
        :population, :lon, :lat)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, names = t.names || excluded.names,
        short_names = t.short_names || excluded.short_names, population = coalesce(excluded.population, t.population),
        lon = coalesce(excluded.lon, t.lon), lat = coalesce(excluded.lat, t.lat)
    WHERE (t.name, t.names, t.short_names, t.population, t.lon, t.lat) IS DISTINCT FROM (excluded.name,
        t.names || excluded.names, t.short_names || excluded.short_names, coalesce(excluded.population, t.population),
        coalesce(excluded.lon, t.lon), coalesce(excluded.lat, t.lat))
    RETURNING xmax = 0""").bindparams(bindparam("names", type_=JSONB), bindparam("short_names", type_=JSONB))


class StoredTerritory(NamedTuple):
    """A territory of the database: its name, level, parent's code (None of a country) and time zone."""

    name: str
    level: str
    parent: str | None
    timezone: str


def lock_territories(connection: Connection) -> None:
    """Wait for whoever else is adding territories, until the end of the transaction."""
    connection.execute(text(LOCK_SQL))


def stored_territories(connection: Connection) -> dict[str, StoredTerritory]:
    """The territories by code."""
    return {code: StoredTerritory(*fields) for code, *fields in connection.execute(text(STORED_SQL))}


def save_territory(connection: Connection, columns: Mapping[str, object]) -> SaveOutcome:
    """Add a territory below its parent, which is there already, or give it the names and numbers of `columns`.

    `columns`: code, level, parent (a code or None), name, names and short_names by language, timezone, population, lon,
    lat. Numbers that are None and languages that are missing stay as they were; so do level, parent and time zone.
    """
    was_added = connection.execute(SAVE_SQL, dict(columns)).scalar()
    return save_outcome(was_added)
