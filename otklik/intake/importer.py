"""The import of a file: every row becomes an appeal or is rejected, in one transaction."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from otklik.intake.errors import BadFile, RowRejected
from otklik.intake.lacking_fields import empty_fields, lacking_fields, lacking_warnings, store_lacking_fields
from otklik.intake.mapping.boundaries import add_codes, read_boundaries, write_boundaries
from otklik.intake.mapping.model import read_mapping
from otklik.intake.readers.file_reader import open_tabular_file
from otklik.intake.readers.tabular import Cell
from otklik.intake.rows.conversion import RowConverter
from otklik.intake.rows.far_points import point_warnings
from otklik.intake.rows.rejected_rows import RejectedRows
from otklik.intake.staging import ImportCounts, StagingTable
from otklik.progress import ProgressCallback, ignore_progress
from otklik.settings import libpq_url

BATCH_ROWS, BATCH_CHARACTERS = 2000, 4_000_000
"""Rows converted and in memory between two COPYs: as many as reach one of the two."""
MAX_LISTED_WORDS = 20
NumberedRow = tuple[int, Sequence[Cell]]


@dataclass(frozen=True)
class ImportSummary:
    """What an import did, or would have done with `dry_run`."""

    file: str
    counts: ImportCounts
    reason_counts: Counter[str]
    unknown_words: dict[str, Counter[str]]
    """For some of the reasons, how often each unknown word was in the file."""
    examples: list[str]
    rejected_file: Path
    dry_run: bool
    warnings: tuple[str, ...] = ()
    """Sentences on what was imported and looks wrong, or will be missing from the screens."""

    @property
    def rejected_count(self) -> int:
        """How many rows weren't imported."""
        return self.reason_counts.total()

    @property
    def exit_code(self) -> int:
        """0 when every row was imported, 1 when some were rejected."""
        return 1 if self.rejected_count else 0

    def format_lines(self) -> list[str]:
        """The summary for people, one sentence a line."""
        new, changed, unchanged = self.counts
        total = sum(self.counts) + self.rejected_count
        counts = f"{new:,} new, {changed:,} changed, {unchanged:,} unchanged, {self.rejected_count:,} rejected"
        text_lines = [f"{self.file}: {total:,} row{'s' * (total != 1)}; {counts}."]
        text_lines += [
            f"  {count:,} × {reason}{self._format_words(reason)}" for reason, count in self.reason_counts.most_common()
        ]
        text_lines += [f"Warning: {warning}" for warning in self.warnings]
        if self.dry_run:
            text_lines += [f"  {example}" for example in self.examples]
            text_lines.append("Nothing was changed: this was a dry run.")
        elif self.rejected_count:
            text_lines.append(f"The rejected rows are in {self.rejected_file}.")
        return text_lines

    def _format_words(self, reason: str) -> str:
        word_counts = self.unknown_words.get(reason, Counter())
        words = [f"{word} ({count:,})" for word, count in word_counts.most_common(MAX_LISTED_WORDS)]
        more = len(word_counts) - len(words)
        return (": " if words else "") + ", ".join(words) + (f" and {more:,} more" if more else "")


def import_file(
    url: str,
    path: Path,
    mapping_name: str,
    *,
    dry_run: bool = False,
    boundaries_folder: Path | None = None,
    progress: ProgressCallback = ignore_progress,
) -> ImportSummary:
    """Import a file into the database at `url`; the mapping is a shipped one's name or a TOML file's path.

    Good rows are imported, bad ones are written to FILE.rejected.csv, and the mapping's boundaries to
    `boundaries_folder`, where screens read them. Raises BadFile; then nothing has changed.
    """
    import_mapping = read_mapping(mapping_name)
    boundaries = read_boundaries(import_mapping.boundaries_file) if import_mapping.boundaries_file else []
    # A file's name may hold bytes that aren't text.
    file_name = os.fsencode(path.name).decode(errors="replace")
    with (
        open_tabular_file(path, import_mapping.file_layout, import_mapping.required_columns()) as source,
        RejectedRows(path, source.header, import_mapping, dry_run=dry_run) as rejected_rows,
        psycopg.connect(libpq_url(url), application_name="otklik import") as connection,
    ):
        staging = StagingTable(connection, import_mapping)
        converter = RowConverter(connection, import_mapping, source.header)
        row_count = 0
        for batch in _row_batches(source.rows):
            row_count += len(batch)
            converter.begin_batch((cells for _, cells in batch), staging.staged_numbers)
            staging.copy_rows(_convert_batch(converter, rejected_rows, batch))
            progress("Reading", source.progress(), source.total)
        if not row_count:
            raise BadFile(f"{path.name} has a header but no rows: expected rows from line 2 on.")
        progress("Writing", 0, 1)
        warnings = point_warnings(connection, converter.origin_point_count)
        boundaries, unknown_names = add_codes(boundaries, converter.territories.codes_by_name())
        if unknown_names:
            warnings.append(f"Boundaries without a territory of their name are not drawn: {', '.join(unknown_names)}.")
        empty = empty_fields(connection, import_mapping)
        warnings += lacking_warnings(import_mapping, empty)
        store_lacking_fields(connection, import_mapping, [*lacking_fields(import_mapping), *empty])
        counts = staging.merge(file_name)
        if dry_run:
            connection.rollback()
        # Before the commit, so that the database stays unchanged when the file can't be written.
        if boundaries and boundaries_folder and not dry_run:
            write_boundaries(boundaries, boundaries_folder / f"{import_mapping.code}.geojson")
        rejected_rows.save()
        connection.commit()
        progress("Writing", 1, 1)
    return ImportSummary(
        file_name,
        counts,
        rejected_rows.reason_counts,
        rejected_rows.unknown_words,
        rejected_rows.examples,
        rejected_rows.path,
        dry_run,
        tuple(warnings),
    )


def _row_batches(rows: Iterable[NumberedRow]) -> Iterator[list[NumberedRow]]:
    batch: list[NumberedRow] = []
    characters = 0
    for line, cells in rows:
        batch.append((line, cells))
        characters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(batch) == BATCH_ROWS or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _convert_batch(
    converter: RowConverter, rejected_rows: RejectedRows, batch: list[NumberedRow]
) -> list[dict[str, Any]]:
    accepted = []
    for line, cells in batch:
        try:
            accepted.append(converter.column_values(cells))
        except RowRejected as rejection:
            rejected_rows.add(line, cells, rejection)
    return accepted
