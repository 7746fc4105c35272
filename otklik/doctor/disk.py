"""The room on the disk, and what the server's log takes of it."""

import shutil
from collections.abc import Iterator

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.doctor.finding import Finding, Health
from otklik.settings import Settings

ACT_BYTES, ACT_SHARE, WATCH_SHARE = 10**9, 0.02, 0.1
"""Free bytes, and free shares of the disk, below which something is to be done or watched."""
WAL_FACTOR = 2
"""The log (WAL) may take so many times `max_wal_size` before it is to be watched."""
WAL_SQL = """
    SELECT (SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_waldir()),
        (SELECT setting::bigint * 1024 * 1024 FROM pg_settings WHERE name = 'max_wal_size'),
        (SELECT array_agg(slot_name::text ORDER BY slot_name) FROM pg_replication_slots WHERE NOT active)"""


def disk_findings(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """The free room of the data folder's disk, and the size of the server's log."""
    size = int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    if settings.database_url:
        yield Finding(
            "disk",
            Health.OK,
            f"The database takes {_gigabytes(size)}; the disk of your own server isn't seen from here.",
        )
    else:
        usage = shutil.disk_usage(settings.data_folder)
        message = (
            f"{_gigabytes(usage.free)} of {_gigabytes(usage.total)} are free in {settings.data_folder}; the database"
            f" takes {_gigabytes(size)}."
        )
        if usage.free < ACT_BYTES or usage.free < ACT_SHARE * usage.total:
            yield Finding("disk", Health.ACT, message, "Make room now: on a full disk the database stops.")
        elif usage.free < WATCH_SHARE * usage.total or usage.free < size:
            yield Finding(
                "disk",
                Health.WATCH,
                message,
                "Make room: an upgrade needs as much as the database takes.",
            )
        else:
            yield Finding("disk", Health.OK, message)
    yield from _wal_findings(connection)


def _wal_findings(connection: Connection) -> Iterator[Finding]:
    try:
        size, limit, slots = connection.execute(text(WAL_SQL)).one()
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        connection.rollback()
        yield Finding("write-ahead log", Health.OK, "How much it takes isn't shown to the tables' owner.")
        return
    message = f"It takes {_gigabytes(size)}, of {_gigabytes(limit)} that it may before it is emptied."
    if slots:
        yield Finding(
            "write-ahead log",
            Health.WATCH,
            f"{message} It is kept for {', '.join(slots)}, which nobody reads.",
            "Have the replica read again, or drop its slot: SELECT pg_drop_replication_slot(name).",
        )
    elif size > WAL_FACTOR * limit:
        yield Finding("write-ahead log", Health.WATCH, message, "Look whether its archiving (archive_command) fails.")
    else:
        yield Finding("write-ahead log", Health.OK, message)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
