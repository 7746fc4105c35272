"""Adding and renaming organisations on the owner's connection."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.functions.save_outcomes import SaveOutcome, save_outcome

STORED_SQL = """
    SELECT o.code, territory.code AS territory, o.level, above.code AS parent
    FROM organisation AS o JOIN territory ON territory.id = o.territory_id
    LEFT JOIN organisation AS above ON above.id = o.parent_id"""
TERRITORY_LEVELS_SQL = "SELECT code, level FROM territory"
SAVE_SQL = text("""
    INSERT INTO organisation AS o (parent_id, territory_id, level, code, name, names, short_names)
    VALUES ((SELECT id FROM organisation WHERE code = :parent), (SELECT id FROM territory WHERE code = :territory),
        :level, :code, :name, :names, :short_names)
    ON CONFLICT (code) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name,
        names = o.names || excluded.names, short_names = o.short_names || excluded.short_names
    WHERE (o.parent_id, o.name, o.names, o.short_names) IS DISTINCT FROM
        (excluded.parent_id, excluded.name, o.names || excluded.names, o.short_names || excluded.short_names)
    RETURNING xmax = 0""").bindparams(bindparam("names", type_=JSONB), bindparam("short_names", type_=JSONB))


class StoredOrganisation(NamedTuple):
    """An organisation of the database: the codes of its territory and parent (None without one), and its level."""

    territory: str
    level: str
    parent: str | None


def stored_organisations(connection: Connection) -> dict[str, StoredOrganisation]:
    """The organisations by code."""
    return {code: StoredOrganisation(*fields) for code, *fields in connection.execute(text(STORED_SQL))}


def territory_levels(connection: Connection) -> dict[str, str]:
    """The levels of the territories by code."""
    return {row.code: row.level for row in connection.execute(text(TERRITORY_LEVELS_SQL))}


def save_organisation(connection: Connection, columns: Mapping[str, object]) -> SaveOutcome:
    """Add an organisation below its parent, which is there already, or give it the parent and names of `columns`.

    `columns`: code, territory and parent (codes; the parent may be None), level, name, names and short_names by
    language. Languages that are missing stay as they were; so do territory and level.
    """
    was_added = connection.execute(SAVE_SQL, dict(columns)).scalar()
    return save_outcome(was_added)
