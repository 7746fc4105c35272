"""The tables of data sources and their runs, on the owner's connection."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from otklik.data_sources.model import DataSource, NewDataSource, RunTally

LOCK_KEY = 0x0DA7_A503
"""The first key of the advisory lock that a run of a data source holds; the second is its id."""
MAX_ERROR_LENGTH = 1000
INTERRUPTED = "The run was interrupted before its end; the next one goes on from where it was."
SOURCES_SQL: LiteralString = """
    SELECT id, name, kind, mapping, options, run_every, is_paused, cursor, next_run_at, running_since, read_at,
        changed_at, failure_count, error
    FROM data_source WHERE removed_at IS NULL ORDER BY name"""
DUE_SQL: LiteralString = """
    SELECT id FROM data_source
    WHERE removed_at IS NULL AND NOT is_paused AND next_run_at <= clock_timestamp()
        AND (kind <> 'push' OR EXISTS (
            SELECT FROM pushed_batch WHERE data_source_id = data_source.id AND results IS NULL
        ))
    ORDER BY next_run_at"""
# Three times the gap that 95 of 100 changes keep to, of the last 200; of few changes a day.
END_RUN_SQL: LiteralString = """
    UPDATE data_source SET running_since = NULL, read_at = clock_timestamp(), failure_count = 0, error = '',
        changed_at = CASE WHEN %(has_news)s THEN clock_timestamp() ELSE changed_at END,
        next_run_at = clock_timestamp() + %(every)s,
        silent_after = (
            SELECT greatest(
                3 * %(every)s, interval '1 hour',
                CASE WHEN count(gap) >= 10 THEN 3 * percentile_cont(0.95) WITHIN GROUP (ORDER BY gap)
                    ELSE interval '1 day' END
            )
            FROM (
                SELECT ended_at - lag(ended_at) OVER (ORDER BY ended_at) AS gap FROM (
                    SELECT ended_at FROM data_source_run WHERE data_source_id = %(id)s AND new_count + changed_count > 0
                    ORDER BY ended_at DESC LIMIT 200
                ) AS newest
            ) AS gaps
        )
    WHERE id = %(id)s"""


def add_data_source(connection: psycopg.Connection[Any], new: NewDataSource) -> int:
    """Add a data source, which is due at once; returns its id. Raises psycopg.errors.UniqueViolation for its name."""
    row = connection.execute(
        "INSERT INTO data_source (name, kind, mapping, options, run_every, token_hash)"
        " VALUES (%(name)s, %(kind)s, %(mapping)s, %(options)s, %(run_every)s, %(token_hash)s) RETURNING id",
        {**vars(new), "options": Jsonb(dict(new.options))},
    ).fetchone()
    assert row is not None  # noqa: S101 - RETURNING
    return int(row[0])


def data_sources(connection: psycopg.Connection[Any]) -> list[DataSource]:
    """All data sources that weren't removed, by name."""
    with connection.cursor(row_factory=class_row(DataSource)) as cursor:
        return cursor.execute(SOURCES_SQL).fetchall()


def data_source(connection: psycopg.Connection[Any], source_id: int) -> DataSource | None:
    """The data source of an id, unless it was removed."""
    return next((source for source in data_sources(connection) if source.id == source_id), None)


def due_ids(connection: psycopg.Connection[Any]) -> list[int]:
    """The ids of those whose next run is due, the longest due first; of pushed ones those with rows."""
    return [source_id for (source_id,) in connection.execute(DUE_SQL)]


def has_active_sources(connection: psycopg.Connection[Any]) -> bool:
    """Whether there is a data source that isn't paused."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM data_source WHERE removed_at IS NULL AND NOT is_paused)"
    ).fetchone()
    return row == (True,)


def try_lock(connection: psycopg.Connection[Any], source_id: int) -> bool:
    """Take the lock of a data source's runs until the session ends; False where another process has it."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK_KEY, source_id)).fetchone()
    return row == (True,)


def begin_run(connection: psycopg.Connection[Any], source: DataSource) -> datetime:
    """Note that a run begins; returns the moment. A run before it that never ended is recorded as interrupted."""
    if source.running_since is not None:
        _insert_run(connection, source.id, source.running_since, RunTally(), INTERRUPTED)
    row = connection.execute(
        "UPDATE data_source SET running_since = clock_timestamp() WHERE id = %s RETURNING running_since", (source.id,)
    ).fetchone()
    assert row is not None  # noqa: S101 - data sources aren't deleted
    moment: datetime = row[0]
    return moment


def end_run(
    connection: psycopg.Connection[Any],
    source: DataSource,
    started_at: datetime,
    tally: RunTally,
) -> None:
    """Note that a run has read to the end, and record it if it brought something, rejected rows or ended failures.

    The same rows rejected again, such as those read twice for safety, aren't recorded again.
    """
    has_news = tally.new + tally.changed > 0
    if has_news or source.error or not _is_repeated(connection, source.id, tally):
        _insert_run(connection, source.id, started_at, tally, "")
    connection.execute(
        END_RUN_SQL,
        {"id": source.id, "has_news": has_news, "every": source.run_every},
    )


def fail_run(
    connection: psycopg.Connection[Any],
    source: DataSource,
    started_at: datetime,
    tally: RunTally,
    error: str,
    next_run_in: timedelta,
) -> None:
    """Record that a run failed, with what it had merged before; the next one comes after a pause."""
    _insert_run(connection, source.id, started_at, tally, error)
    connection.execute(
        """UPDATE data_source SET running_since = NULL, failure_count = failure_count + 1, error = %(error)s,
            changed_at = CASE WHEN %(has_news)s THEN clock_timestamp() ELSE changed_at END,
            next_run_at = clock_timestamp() + %(next_run_in)s
        WHERE id = %(id)s""",
        {
            "id": source.id,
            "error": error[:MAX_ERROR_LENGTH],
            "has_news": tally.new + tally.changed > 0,
            "next_run_in": next_run_in,
        },
    )


def save_cursor(connection: psycopg.Connection[Any], source_id: int, cursor: Mapping[str, Any]) -> None:
    """Set how far a data source has been read, in the transaction of the rows up to there."""
    connection.execute("UPDATE data_source SET cursor = %s WHERE id = %s", (Jsonb(dict(cursor)), source_id))


def forget_cursor(connection: psycopg.Connection[Any], source_id: int) -> None:
    """Have the next run read all again."""
    connection.execute("UPDATE data_source SET cursor = NULL WHERE id = %s", (source_id,))


def _is_repeated(connection: psycopg.Connection[Any], source_id: int, tally: RunTally) -> bool:
    """Whether a run without news rejected no more than the last recorded one, or nothing."""
    if not tally.rejected:
        return True
    row = connection.execute(
        "SELECT reasons FROM data_source_run WHERE data_source_id = %s ORDER BY ended_at DESC, id DESC LIMIT 1",
        (source_id,),
    ).fetchone()
    return row is not None and all(row[0].get(reason, 0) >= count for reason, count in tally.reasons.items())


def _insert_run(
    connection: psycopg.Connection[Any], source_id: int, started_at: datetime, tally: RunTally, error: str
) -> None:
    connection.execute(
        """INSERT INTO data_source_run (data_source_id, started_at, ended_at, read_count, new_count, changed_count,
            rejected_count, reasons, error, cursor)
        SELECT id, %(started_at)s, clock_timestamp(), %(read)s, %(new)s, %(changed)s, %(rejected)s, %(reasons)s,
            %(error)s, cursor
        FROM data_source WHERE id = %(id)s""",
        {
            "id": source_id,
            "started_at": started_at,
            "read": tally.read,
            "new": tally.new,
            "changed": tally.changed,
            "rejected": tally.rejected,
            "reasons": Jsonb(dict(tally.reasons)),
            "error": error[:MAX_ERROR_LENGTH],
        },
    )
