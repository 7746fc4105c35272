"""The file of rows that an import rejected, next to the imported file, with the reasons."""

import csv
import errno
import hashlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from otklik.intake.errors import BadFile, RowRejected, UnknownWord
from otklik.intake.mapping.model import ImportMapping
from otklik.intake.readers.tabular import Cell

FORMULA_START = re.compile(r"\s*[=+\-@]|[\t\r\n]")
PLAIN_NUMBER = re.compile(r"-|[+-]?\d+([.,]\d+)?")
MAX_EXAMPLES = 10
MAX_WORDS = 1000
"""Different unknown words that are counted."""


class RejectedRows:
    """Collects rejected rows in a temporary file; `save()` moves it to `path`."""

    def __init__(self, path: Path, header: Sequence[str], mapping: ImportMapping, *, dry_run: bool = False) -> None:
        """The file has the source's format with two more columns, so that it can be corrected and imported."""
        self.path = path
        self.reason_counts: Counter[str] = Counter()
        self.unknown_words: dict[str, Counter[str]] = {}
        self.examples: list[str] = []
        self._header = header
        self._delimiter = mapping.file_layout.delimiter
        self._skipped_rows = mapping.file_layout.skipped_rows
        self._date_format = mapping.date_format
        self._dry_run = dry_run
        self._file: IO[str] | None = None
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        """No file is opened before the first rejected row."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove a file that wasn't saved."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)

    def add(self, line: int, cells: Sequence[Cell], rejection: RowRejected) -> None:
        """Add a row. Raises BadFile when it can't be written, OSError on a full disk."""
        self.reason_counts[rejection.reason] += 1
        if isinstance(rejection, UnknownWord):
            word_counts = self.unknown_words.setdefault(rejection.reason, Counter())
            if len(word_counts) < MAX_WORDS or rejection.detail in word_counts:
                word_counts[rejection.detail] += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(f"line {line}: {rejection}")
        self._digest.update(repr((str(rejection), [str(cell) for cell in cells])).encode(errors="replace"))
        if not self._dry_run:
            self._write_row([str(line), str(rejection), *map(self._format_cell, cells)])

    def content_id(self) -> str:
        """A code of the rejected rows and their reasons, wherever in the source they stand."""
        return self._digest.hexdigest()[:16]

    def save(self) -> None:
        """Move the file to `path`, or without rejected rows remove an earlier one.

        Raises BadFile when that fails, OSError on a full disk.
        """
        if self._dry_run:
            return
        try:
            if self._file is None:
                self.path.unlink(missing_ok=True)
            else:
                self._file.flush()
                os.fsync(self._file.fileno())
                Path(self._file.name).replace(self.path)
        except OSError as error:
            raise self._write_error(error) from error

    def _write_row(self, cells: list[str]) -> None:
        try:
            if self._file is None:
                if self.path.is_dir():
                    raise IsADirectoryError(0, "Is a directory")
                # In the same folder, so that it can be moved whole or not at all; with a BOM, which spreadsheets need.
                self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed by __exit__
                    "w",
                    encoding="utf-8-sig",
                    newline="",
                    dir=self.path.parent,
                    prefix=f"{self.path.name}.",
                    delete=False,
                )
                Path(self._file.name).chmod(0o644)
                # The mapping skips as many again.
                self._file.write("Rows that were not imported\n" * self._skipped_rows)
                csv.writer(self._file, delimiter=self._delimiter).writerow(["line", "reason", *self._header])
            csv.writer(self._file, delimiter=self._delimiter).writerow(cells)
        except OSError as error:
            raise self._write_error(error) from error

    def _write_error(self, error: OSError) -> Exception:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return error  # nothing is wrong with the file
        return BadFile(
            f"Some rows can't be imported, and {self.path} can't be written ({error.strerror}):"
            " expected a folder that can be written to."
        )

    def _format_cell(self, cell: Cell) -> str:
        """The cell as the source writes it; one that a spreadsheet would run as a formula gets an apostrophe first."""
        if isinstance(cell, date):
            return self._date_format.format_date(cell)
        text = str(cell)
        return f"'{text}" if FORMULA_START.match(text) and not PLAIN_NUMBER.fullmatch(text) else text
