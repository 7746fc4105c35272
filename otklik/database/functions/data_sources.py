"""Data sources as the screens' role sees and commands them: for administrators alone, each command in the audit."""

import pandas as pd
from sqlalchemy import text

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, write_transaction

SOURCES_SQL = """
    SELECT d.id, d.name, d.kind, d.mapping, extract(epoch FROM d.run_every)::float8 AS every_seconds, d.is_paused,
        d.running_since, d.read_at, d.changed_at, d.failure_count, d.error, silent.id IS NOT NULL AS is_silent,
        now() AS as_of, coalesce(day.new_count, 0) AS new_count, coalesce(day.changed_count, 0) AS changed_count,
        coalesce(day.rejected_count, 0) AS rejected_count
    FROM data_source AS d
    LEFT JOIN silent_data_source AS silent ON silent.id = d.id
    LEFT JOIN LATERAL (
        SELECT sum(new_count)::integer AS new_count, sum(changed_count)::integer AS changed_count,
            sum(rejected_count)::integer AS rejected_count
        FROM data_source_run AS r WHERE r.data_source_id = d.id AND ended_at > now() - interval '1 day'
    ) AS day ON true
    WHERE d.removed_at IS NULL
    ORDER BY d.name"""
RUNS_SQL = """
    SELECT started_at, ended_at, read_count, new_count, changed_count, rejected_count, reasons, error
    FROM data_source_run WHERE data_source_id = :source ORDER BY ended_at DESC, id DESC LIMIT :most"""


def all_data_sources() -> pd.DataFrame:
    """One row a data source, by name; new, changed and rejected rows are those of the last 24 hours.

    Columns: id, name, kind, mapping, every_seconds, is_paused, running_since, read_at, changed_at, failure_count,
    error, is_silent, as_of, new_count, changed_count, rejected_count. Empty for a viewer without the right `sources`.
    """
    return query_dataframe(text(SOURCES_SQL))


def recorded_runs(source_id: int, limit: int) -> pd.DataFrame:
    """The recorded runs of a data source, newest first, at most `limit`.

    Columns: started_at, ended_at, read_count, new_count, changed_count, rejected_count, reasons (a dict of counts),
    error. Empty for a viewer without the right `sources`.
    """
    return query_dataframe(text(RUNS_SQL).bindparams(source=source_id, most=limit))


def pause_data_source(source_id: int, *, pauses: bool, reason: str) -> None:
    """Pause a data source in the viewer's name, or let it go on. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(
            text("SELECT pause_data_source(:source, :pauses, :reason)"),
            {"source": source_id, "pauses": pauses, "reason": reason},
        )


def run_data_source(source_id: int, reason: str) -> None:
    """Have a data source run at once, in the viewer's name. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT run_data_source(:source, :reason)"), {"source": source_id, "reason": reason})
