"""Compacting the cubes at night: updates leave dead rows, and scatter the cells of a territory over the table."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from otklik.database.cubes.rollups import FOLD_LOCK_SQL, FOLDED_CUBES

MAX_BLOAT_RATIO = 1.15
"""A cube is compacted when its bytes per cell exceed those after the last time by this factor."""
MIN_BYTES = 8 << 20
"""Bytes: compacting a smaller cube isn't worth the lock."""
NIGHT_HOUR = 3
"""The hour of this machine's clock: a cube can't be read for a second or two while it is compacted."""

# Bytes of a table with its indexes: in all, and per row.
TABLE_SIZE_SQL: LiteralString = """
    SELECT pg_total_relation_size(oid), pg_total_relation_size(oid) / greatest(reltuples, 1)
    FROM pg_class WHERE oid = %s::regclass"""
# Bytes per cell of each cube after it was last compacted.
COMPACT_SIZES_SQL = "SELECT value FROM setting WHERE name = 'tidied'"
SAVE_COMPACT_SIZES_SQL = """
    INSERT INTO setting VALUES ('tidied', %s)
    ON CONFLICT (name) DO UPDATE SET value = setting.value || EXCLUDED.value"""


def compact_at_night(database_url: str) -> None:
    """Compact the cubes that need it if it is the hour for that; a job of the launcher."""
    if datetime.now().astimezone().hour == NIGHT_HOUR:
        compact_cubes(database_url)


def compact_cubes(database_url: str, min_bytes: int = MIN_BYTES) -> list[str]:
    """Rewrite each cube that takes too much room in the order of its key; returns the names of those.

    Appeals can be written meanwhile. A cube that can't be locked within two seconds is left for the next time.
    """
    compacted = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        compact_sizes = connection.execute(COMPACT_SIZES_SQL).fetchone()
        for cube in FOLDED_CUBES:
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
    """Bytes of a table with its indexes: in all, and per row."""
    row = connection.execute(TABLE_SIZE_SQL, (table,)).fetchone() or (0, 0.0)
    return row[0], row[1]
