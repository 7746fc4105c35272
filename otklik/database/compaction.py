"""Putting the cubes into order at night: where cells changed, folding leaves holes."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from otklik.database.rollups import CUBES, LOCK

LOOSE = 1.15
"""How many times the room it took in good order a cube takes before it is tidied."""
LEAST = 8 << 20
"""Bytes: a smaller one isn't worth the lock."""
HOUR = 3
"""By this machine's clock: for a second or two a tidied cube can't be read."""

# A table's bytes, its indexes' among them, and how many cells share them.
SIZE: LiteralString = """
    SELECT pg_total_relation_size(oid), pg_total_relation_size(oid) / greatest(reltuples, 1)
    FROM pg_class WHERE oid = %s::regclass"""
# Bytes a cell of each cube as it was left.
KEPT = "SELECT value FROM setting WHERE name = 'tidied'"
KEEP = """
    INSERT INTO setting VALUES ('tidied', %s)
    ON CONFLICT (name) DO UPDATE SET value = setting.value || EXCLUDED.value"""


def nightly(address: str) -> None:
    """Tidy what is loose, in the hour of the night for it; a job of the launcher's."""
    if datetime.now().astimezone().hour == HOUR:
        tidy(address)


def tidy(address: str, least: int = LEAST) -> list[str]:
    """Put each cube in the order of its key that takes too much room; those that were.

    A cube that is being read for longer than two seconds is left for the next time. Appeals come in meanwhile.
    """
    compacted = []
    with psycopg.connect(address, autocommit=True) as connection:
        compact_sizes = connection.execute(KEPT).fetchone()
        for cube in CUBES:
            table = f"{cube}_folded"
            size, bytes_per_row = _sizes(connection, table)
            if size < least or bytes_per_row <= LOOSE * (compact_sizes[0].get(cube, 0) if compact_sizes else 0):
                continue
            try:
                with connection.transaction():
                    connection.execute(LOCK)
                    connection.execute("SET LOCAL lock_timeout = '2s'")
                    key = sql.Identifier(f"{table}_pkey")
                    connection.execute(sql.SQL("CLUSTER {} USING {}").format(sql.Identifier(table), key))
            except psycopg.errors.LockNotAvailable:
                continue
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
            connection.execute(KEEP, (Jsonb({cube: _sizes(connection, table)[1]}),))
            compacted.append(cube)
    return compacted


def _sizes(connection: psycopg.Connection, table: str) -> tuple[int, float]:
    """Bytes of a table with its indexes, and of each of its rows."""
    row = connection.execute(SIZE, (table,)).fetchone() or (0, 0.0)
    return row[0], row[1]
