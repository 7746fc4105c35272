"""Putting the cubes into order at night: where cells changed, folding leaves holes."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from otklik.database.rollups import CUBE_NAMES, FOLD_LOCK_SQL

MAX_BLOAT_RATIO = 1.15
"""How many times the room it took in good order a cube takes before it is tidied."""
MIN_BYTES = 8 << 20
"""Bytes: a smaller one isn't worth the lock."""
HOUR = 3
"""By this machine's clock: for a second or two a tidied cube can't be read."""

# A table's bytes, its indexes' among them, and how many cells share them.
TABLE_SIZE_SQL: LiteralString = """
    SELECT pg_total_relation_size(oid), pg_total_relation_size(oid) / greatest(reltuples, 1)
    FROM pg_class WHERE oid = %s::regclass"""
# Bytes a cell of each cube as it was left.
COMPACT_SIZES_SQL = "SELECT value FROM setting WHERE name = 'tidied'"
SAVE_COMPACT_SIZES_SQL = """
    INSERT INTO setting VALUES ('tidied', %s)
    ON CONFLICT (name) DO UPDATE SET value = setting.value || EXCLUDED.value"""


def compact_at_night(database_url: str) -> None:
    """Tidy what is loose, in the hour of the night for it; a job of the launcher's."""
    if datetime.now().astimezone().hour == HOUR:
        tidy(database_url)


def tidy(database_url: str, min_bytes: int = MIN_BYTES) -> list[str]:
    """Put each cube in the order of its key that takes too much room; those that were.

    A cube that is being read for longer than two seconds is left for the next time. Appeals come in meanwhile.
    """
    compacted = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        compact_sizes = connection.execute(COMPACT_SIZES_SQL).fetchone()
        for cube in CUBE_NAMES:
            table = f"{cube}_folded"
            size, bytes_per_row = _table_sizes(connection, table)
            if size < min_bytes or bytes_per_row <= MAX_BLOAT_RATIO * (
                compact_sizes[0].get(cube, 0) if compact_sizes else 0
            ):
                continue
            try:
                with connection.transaction():
                    connection.execute(FOLD_LOCK_SQL)
                    connection.execute("SET LOCAL lock_timeout = '2s'")
                    key = sql.Identifier(f"{table}_pkey")
                    connection.execute(sql.SQL("CLUSTER {} USING {}").format(sql.Identifier(table), key))
            except psycopg.errors.LockNotAvailable:
                continue
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
            connection.execute(SAVE_COMPACT_SIZES_SQL, (Jsonb({cube: _table_sizes(connection, table)[1]}),))
            compacted.append(cube)
    return compacted


def _table_sizes(connection: psycopg.Connection, table: str) -> tuple[int, float]:
    """Bytes of a table with its indexes, and of each of its rows."""
    row = connection.execute(TABLE_SIZE_SQL, (table,)).fetchone() or (0, 0.0)
    return row[0], row[1]
