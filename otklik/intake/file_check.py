"""A look at a whole file before its import: what would land, and everything that isn't understood, at once."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from otklik.intake.errors import BadFile
from otklik.intake.mapping.model import read_mapping
from otklik.intake.readers.file_reader import open_tabular_file
from otklik.intake.row_import import RowImport
from otklik.intake.rows.rejected_rows import RejectedRows
from otklik.intake.rows.survey import RowSurvey
from otklik.progress import ProgressCallback, ignore_progress
from otklik.settings import libpq_url


@dataclass(frozen=True)
class FileCheck:
    """What an import of a file would do, and what it wouldn't understand."""

    file: str
    row_count: int
    reason_counts: Counter[str]
    survey: RowSurvey
    warnings: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 when every row would be imported, 1 when some would be rejected."""
        return 1 if self.reason_counts else 0

    def format_lines(self) -> list[str]:
        """The result for people."""
        rejected = self.reason_counts.total()
        rows = f"{self.row_count:,} row{'s' * (self.row_count != 1)}"
        return [
            f"{self.file}: {rows}; {self.row_count - rejected:,} can be imported, {rejected:,} would be rejected.",
            *(f"  {count:,} × {reason}" for reason, count in self.reason_counts.most_common()),
            *self.survey.format_lines(),
            *(f"Warning: {warning}" for warning in self.warnings),
            "Nothing was changed: this was a check.",
        ]


def check_file(url: str, path: Path, mapping_name: str, progress: ProgressCallback = ignore_progress) -> FileCheck:
    """Read a file as its import would, and write nothing. Raises BadFile when it or the mapping can't be used."""
    mapping = read_mapping(mapping_name)
    with (
        open_tabular_file(path, mapping.file_layout, mapping.required_columns()) as source,
        RejectedRows(path, source.header, mapping, dry_run=True) as rejected_rows,
        psycopg.connect(libpq_url(url), application_name="otklik import --check") as connection,
    ):
        row_import = RowImport(connection, mapping, source.header, rejected_rows)
        survey = RowSurvey(row_import.converter, mapping.for_header(source.header))
        for _ in row_import.add(survey.of(source.rows)):
            progress("Reading", source.progress(), source.total)
        warnings = tuple(row_import.point_warnings())
        connection.rollback()
    if not row_import.row_count:
        raise BadFile(f"{path.name} has a header but no rows: expected rows from line 2 on.")
    progress("Reading", 1, 1)
    file_name = os.fsencode(path.name).decode(errors="replace")
    return FileCheck(file_name, row_import.row_count, rejected_rows.reason_counts, survey, warnings)
