"""The import of a file: every row becomes an appeal or is rejected, in one transaction."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from otklik.intake.boundaries.boundary_file import write_features
from otklik.intake.errors import BadFile
from otklik.intake.mapping.boundaries import coded_features, read_boundaries
from otklik.intake.mapping.model import read_mapping
from otklik.intake.readers.file_reader import open_tabular_file
from otklik.intake.row_import import RowImport
from otklik.intake.rows.rejected_rows import RejectedRows
from otklik.intake.staging import ImportCounts
from otklik.progress import ProgressCallback, ignore_progress
from otklik.settings import libpq_url

MAX_LISTED_WORDS = 20
BeforeCommit = Callable[[psycopg.Connection[Any], "ImportSummary"], object]
"""Called with the connection and what the import did, in its transaction; what it raises undoes the import."""


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
    import_id: int = 0
    """Its number, by which `otklik imports undo` takes it back; 0 if it changed nothing."""
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


def import_file(  # noqa: PLR0913 - each by its name, and each alone
    url: str,
    path: Path,
    mapping_name: str,
    *,
    dry_run: bool = False,
    boundaries_folder: Path | None = None,
    rejected_file: Path | None = None,
    data_source: str = "",
    before_commit: BeforeCommit | None = None,
    progress: ProgressCallback = ignore_progress,
) -> ImportSummary:
    """Import a file into the database at `url`; the mapping is a shipped one's name or a TOML file's path.

    Good rows are imported, bad ones are written to `rejected_file` (FILE.rejected.csv by default), and the mapping's
    boundaries to `boundaries_folder`, where screens read them. `data_source` is the name of the one that brought the
    file. Raises BadFile; then nothing has changed.
    """
    import_mapping = read_mapping(mapping_name)
    boundaries = read_boundaries(import_mapping.boundaries_file) if import_mapping.boundaries_file else []
    # A file's name may hold bytes that aren't text.
    file_name = os.fsencode(path.name).decode(errors="replace")
    rejected_file = rejected_file or path.with_name(f"{path.name}.rejected.csv")
    with (
        open_tabular_file(path, import_mapping.file_layout, import_mapping.required_columns()) as source,
        RejectedRows(rejected_file, source.header, import_mapping, dry_run=dry_run) as rejected_rows,
        psycopg.connect(libpq_url(url), application_name="otklik import") as connection,
    ):
        row_import = RowImport(connection, import_mapping, source.header, rejected_rows)
        for _ in row_import.add(source.rows):
            progress("Reading", source.progress(), source.total)
        if not row_import.row_count:
            raise BadFile(f"{path.name} has a header but no rows: expected rows from line 2 on.")
        progress("Writing", 0, 1)
        warnings = row_import.point_warnings()
        features, unknown_names = coded_features(boundaries, row_import.territory_codes())
        if unknown_names:
            warnings.append(f"Boundaries without a territory of their name are not drawn: {', '.join(unknown_names)}.")
        warnings += row_import.note_lacking_fields()
        counts = row_import.merge(file_name)
        rejected_count = rejected_rows.reason_counts.total()
        has_changes = bool(counts.new or counts.changed)
        import_id = has_changes and row_import.record(file_name, mapping_name, data_source, counts, rejected_count)
        if dry_run:
            connection.rollback()
        # Before the commit, so that the database stays unchanged when the file can't be written.
        if features and boundaries_folder and not dry_run:
            write_features(features, boundaries_folder / f"{import_mapping.code}.geojson")
        summary = ImportSummary(
            file_name,
            counts,
            rejected_rows.reason_counts,
            rejected_rows.unknown_words,
            rejected_rows.examples,
            rejected_rows.path,
            dry_run,
            import_id,
            tuple(warnings),
        )
        if before_commit and not dry_run:
            before_commit(connection, summary)
        rejected_rows.save()
        connection.commit()
        progress("Writing", 1, 1)
    return summary
