"""Imported files: the list of them, and taking back what one has added."""

from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, text

from otklik.database.transactions import query_dataframe

LIST_SQL = text("""
    SELECT i.id, i.file, source.code AS source, source.name AS source_name, source.names AS source_names, i.mapping,
        i.data_source, i.imported_at, i.new_count, i.changed_count, i.unchanged_count, i.rejected_count, i.undone_at,
        i.removed_count
    FROM file_import AS i JOIN source ON source.id = i.source_id ORDER BY i.imported_at DESC, i.id DESC LIMIT :most""")
LOCK_SQL = text("SELECT file, changed_count, undone_at FROM file_import WHERE id = :id FOR UPDATE")
# What people or later files have done to an appeal stands in its history.
ADDED_SQL = """
    CREATE TEMPORARY TABLE removed ON COMMIT DROP AS
    SELECT a.region_id, a.id AS appeal_id FROM file_import AS i JOIN appeal AS a ON a.source_id = i.source_id
    WHERE i.id = :id AND i.new_ids @> a.id AND NOT EXISTS (
        SELECT FROM event AS e WHERE e.region_id = a.region_id AND e.appeal_id = a.id
        AND (e.kind <> 'received' OR e.actor <> 'import')
    )"""
KEPT_SQL = text("""
    SELECT count(*) FROM file_import AS i JOIN appeal AS a ON a.source_id = i.source_id
    WHERE i.id = :id AND i.new_ids @> a.id""")
# Histories are append-only for everybody but the one who removes what never happened.
REMOVE_SQL = (
    "CREATE UNIQUE INDEX ON removed (region_id, appeal_id)",
    "ANALYZE removed",
    "ALTER TABLE event DISABLE TRIGGER event_is_append_only",
    "DELETE FROM event AS e USING removed AS r WHERE e.region_id = r.region_id AND e.appeal_id = r.appeal_id",
    "ALTER TABLE event ENABLE TRIGGER event_is_append_only",
    "DELETE FROM appeal AS a USING removed AS r WHERE a.region_id = r.region_id AND a.id = r.appeal_id",
)
NOTE_SQL = text("UPDATE file_import SET undone_at = now(), removed_count = :removed WHERE id = :id")
AUDIT_SQL = text(
    "SELECT audit_append('import undone', :object, :reason, NULL, jsonb_build_object('removed', :removed))"
)


class UndoRefused(Exception):
    """An import that can't be undone; the message is one sentence."""


class UndoResult(NamedTuple):
    """How many appeals an undo has removed, how many were touched since and stay, and how many the file had changed."""

    file: str
    removed: int
    kept: int
    changed: int


def file_imports(connection: Connection, limit: int) -> pd.DataFrame:
    """The imported files, newest first, at most `limit`, on the owner's connection.

    Columns: id, file, source, source_name, source_names (a dict by language), mapping, data_source, imported_at,
    new_count, changed_count, unchanged_count, rejected_count, undone_at (NaT while it wasn't), removed_count.
    """
    return pd.read_sql_query(LIST_SQL.bindparams(most=limit), connection)


def visible_file_imports(limit: int) -> pd.DataFrame:
    """Like `file_imports`, as the viewer may see them: none without the right `sources`."""
    return query_dataframe(LIST_SQL.bindparams(most=limit))


def undo_file_import(connection: Connection, import_id: int, reason: str) -> UndoResult:
    """Remove the appeals that a file added and nobody has touched since, with their history; recorded in the audit.

    What people or later files have done something to stays, and so does what the file changed. The caller commits.
    Raises UndoRefused for an import that there isn't, or that was undone.
    """
    row = connection.execute(LOCK_SQL, {"id": import_id}).one_or_none()
    if row is None:
        raise UndoRefused(f"There is no import {import_id}: `otklik imports list` prints those that there are.")
    if row.undone_at is not None:
        raise UndoRefused(f"The import {import_id} was undone at {row.undone_at:%Y-%m-%d %H:%M} already.")
    removed = connection.execute(text(ADDED_SQL), {"id": import_id}).rowcount
    if removed:
        for statement in REMOVE_SQL:
            connection.execute(text(statement))
    kept = int(connection.execute(KEPT_SQL, {"id": import_id}).scalar_one())
    connection.execute(NOTE_SQL, {"id": import_id, "removed": removed})
    connection.execute(AUDIT_SQL, {"object": f"import {import_id}", "reason": reason, "removed": removed})
    return UndoResult(row.file, removed, kept, row.changed_count)
