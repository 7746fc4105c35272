"""A run of a data source: merging what its reader brings, batch by batch, each with the cursor in one transaction."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from otklik.data_sources.model import DataSource, DataSourceError, RunTally, reason_counts
from otklik.data_sources.secrets import SecretValues
from otklik.data_sources.store import save_cursor
from otklik.intake.errors import BadFile
from otklik.intake.mapping.model import ImportMapping
from otklik.intake.readers.tabular import Cell, normalized_column
from otklik.intake.row_import import RowImport
from otklik.intake.rows.rejected_rows import RejectedRows
from otklik.settings import libpq_url

BATCH_ROWS = 10_000
"""Rows of one transaction: what is read again after an interruption, and how long others wait for its locks."""
MAX_QUOTED_COLUMNS = 20
Row = Sequence[Cell]


@dataclass
class SourceRun:
    """What a reader needs of the run: the source, the database, and where rejected rows are written."""

    source: DataSource
    mapping: ImportMapping
    database_url: str
    data_folder: Path
    secrets: SecretValues = field(default_factory=SecretValues)
    tally: RunTally = field(default_factory=RunTally)
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set when the process is to end: a reader returns after the batch that it is at."""

    def merge(
        self,
        header: Sequence[str],
        rows: Iterable[Row],
        cursor: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        """Merge rows in batches of `BATCH_ROWS`, each in one transaction with its cursor.

        `cursor` is called after the rows of a batch have been read, and says up to where that is; None for no other
        than before. Rows that can't be used are written to a file in `rejected_folder`. Raises BadFile for a header
        without a mapped column.
        """
        check_header(header, self.mapping, self.source.name)
        with psycopg.connect(libpq_url(self.database_url), application_name=f"otklik source {self.source.name}") as to:
            for batch in _batches(rows):
                self._merge_batch(to, header, batch, cursor())
                if self.stopped.is_set():
                    return

    def save_cursor(self, cursor: Mapping[str, Any]) -> None:
        """Set how far the data source has been read, where there was nothing to merge."""
        with psycopg.connect(libpq_url(self.database_url)) as connection:
            save_cursor(connection, self.source.id, cursor)

    @property
    def rejected_folder(self) -> Path:
        """Where rows that can't be used are written, a folder for each data source; made if need be."""
        folder = self.data_folder / "rejected" / self.source.name
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DataSourceError(f"The folder {folder} can't be made ({error.strerror}).") from error
        return folder

    def _merge_batch(
        self, to: psycopg.Connection[Any], header: Sequence[str], batch: list[Row], cursor: Mapping[str, Any] | None
    ) -> None:
        first = self.tally.read + 1
        folder = self.rejected_folder
        with to.transaction(), RejectedRows(folder / "rows.rejected.csv", header, self.mapping) as rejected_rows:
            row_import = RowImport(to, self.mapping, header, rejected_rows)
            for _ in row_import.add(enumerate(batch, first)):
                pass
            row_import.note_lacking_fields()
            counts = row_import.merge(self.source.name)
            if cursor is not None:
                save_cursor(to, self.source.id, cursor)
            if rejected_rows.reason_counts:
                # Rows that are read again and rejected again have a file already.
                rejected_rows.path = folder / f"{rejected_rows.content_id()}.rejected.csv"
                rejected_rows.save()
        reasons = reason_counts(rejected_rows.reason_counts, rejected_rows.unknown_words)
        self.tally.add(RunTally(len(batch), counts.new, counts.changed, reasons.total(), reasons))


def check_header(header: Sequence[str], mapping: ImportMapping, name: str) -> None:
    """Raise BadFile unless each column of the mapping is there once."""
    names = [normalized_column(column) for column in header]
    for column in mapping.required_columns():
        count = names.count(normalized_column(column))
        if count != 1:
            listed = ", ".join(header[:MAX_QUOTED_COLUMNS])
            raise BadFile(
                f"The data source {name} has the column “{column}” {count} times: expected it once among {listed}."
            )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH_ROWS)):
        yield batch
