"""The first rows of a file as a mapping would have them land, and which rows it would reject."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from psycopg import Connection

from otklik.intake.mapping.model import read_mapping
from otklik.intake.readers.file_reader import open_tabular_file
from otklik.intake.row_import import RowImport
from otklik.intake.rows.rejected_rows import RejectedRows

CHECKED_ROWS = 2000
"""Rows of which is said how many would be rejected."""
SHOWN_ROWS = 3
LANDED_SQL = """
    SELECT s.number, s.received_at AT TIME ZONE region.timezone, s.deadline_at AT TIME ZONE region.timezone,
        s.closed_at AT TIME ZONE region.timezone, status.code, outcome.code, channel.code,
        concat_ws(' > ', highest.name, higher.name, topic.name), organisation.name,
        concat_ws(', ', region.code, municipality.name), s.lat, s.lon, s.rating
    FROM staged AS s JOIN status ON status.id = s.status_id JOIN channel ON channel.id = s.channel_id
    JOIN topic ON topic.id = s.topic_id LEFT JOIN topic AS higher ON higher.id = topic.parent_id
    LEFT JOIN topic AS highest ON highest.id = higher.parent_id
    JOIN organisation ON organisation.id = s.holder_id JOIN territory AS region ON region.id = s.region_id
    LEFT JOIN territory AS municipality ON municipality.id = s.municipality_id
    LEFT JOIN outcome ON outcome.id = s.outcome_id
    ORDER BY s.ctid LIMIT %s"""
HEADINGS = (
    *("number", "received", "deadline", "closed", "status", "outcome", "channel", "topic", "organisation"),
    *("place", "lat", "lon", "rating"),
)


@dataclass(frozen=True)
class Preview:
    """What would become of the first rows."""

    landed_rows: list[tuple[Any, ...]]
    """Under `HEADINGS`; times are local to the region."""
    row_count: int
    reason_counts: Counter[str]
    examples: list[str]
    warnings: list[str]


def preview_import(connection: Connection[Any], path: Path, mapping_path: Path) -> Preview:
    """Import the first rows and undo it. Raises BadFile for a file or a mapping that can't be used."""
    mapping = read_mapping(str(mapping_path))
    with (
        connection.transaction(force_rollback=True),
        open_tabular_file(path, mapping.file_layout, mapping.required_columns()) as source,
        RejectedRows(path, source.header, mapping, dry_run=True) as rejected_rows,
    ):
        row_import = RowImport(connection, mapping, source.header, rejected_rows)
        for _ in row_import.add(islice(source.rows, CHECKED_ROWS)):
            pass
        landed_rows = connection.execute(LANDED_SQL, (SHOWN_ROWS,)).fetchall()
        warnings = row_import.point_warnings()
    return Preview(landed_rows, row_import.row_count, rejected_rows.reason_counts, rejected_rows.examples, warnings)
