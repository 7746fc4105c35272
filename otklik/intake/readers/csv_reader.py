"""Rows of a CSV file, gzipped or not, in bounded memory."""

import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.readers.encodings import DAMAGE_ERRORS, Readable, detect_encoding, first_undecodable_line
from otklik.intake.readers.tabular import FileLayout, TabularFile

GZIP_MAGIC = b"\x1f\x8b"
SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\r?\n')
MAX_ROW_CHARACTERS = 4_000_000
"""A longer row refuses the file: its line breaks are missing or a quote isn't closed, and memory has to be bounded."""


def open_csv(
    path: Path, raw: io.BufferedReader, layout: FileLayout, columns: Sequence[str], exit_stack: ExitStack
) -> TabularFile:
    """Read the header of an open CSV file; `exit_stack` closes what reads the rows. Raises BadFile."""
    csv.field_size_limit(MAX_ROW_CHARACTERS)
    encoding, separator = _inspect(path, layout, columns)
    text = exit_stack.enter_context(io.TextIOWrapper(unpacked(raw, exit_stack), encoding, newline=""))
    skipped_lines = max(layout.skipped_rows, 1 if separator else 0)
    lines = _csv_rows(path, text, layout, separator or layout.delimiter, skipped_lines)
    line, header = next(lines, (1, []))
    position = f"line {line} split at {short_quote(separator or layout.delimiter)}"
    return TabularFile(header, lines, raw.tell, path.stat().st_size, position)


def unpacked(raw: io.BufferedReader, exit_stack: ExitStack) -> Readable:
    """The file itself, or what its gzip has; `exit_stack` closes that."""
    return exit_stack.enter_context(gzip.GzipFile(fileobj=raw)) if raw.peek(2).startswith(GZIP_MAGIC) else raw


def _inspect(path: Path, layout: FileLayout, columns: Sequence[str]) -> tuple[str, str | None]:
    """The encoding, and the separator of a first line such as "sep=;", which Excel writes and reads.

    The file is opened for itself, since a gzip file can't be read again after a damage.
    """
    with ExitStack() as exit_stack:
        binary = unpacked(exit_stack.enter_context(path.open("rb")), exit_stack)
        encoding = detect_encoding(binary, layout, columns)
        binary.seek(0)
        try:
            text = exit_stack.enter_context(io.TextIOWrapper(binary, encoding, newline=""))
            match = SEPARATOR_LINE.match(text.read(20))
        except (UnicodeError, *DAMAGE_ERRORS):
            match = None
        return encoding, match[1] if match else None


class _BoundedLines:
    """The lines of a text. Raises BadFile when those of one row have too many characters."""

    def __init__(self, path: Path, text: io.TextIOWrapper) -> None:
        self._path = path
        self._text = text
        self._characters = 0
        self.row_line = 1
        """The line in which the current row begins."""

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW_CHARACTERS + 1):
            self._characters += len(line)
            if self._characters > MAX_ROW_CHARACTERS:
                raise BadFile(
                    f"{self._path.name} has a row of more than {MAX_ROW_CHARACTERS:,} characters in line"
                    f" {self.row_line}: expected line breaks and closed quotes."
                )
            yield line

    def begin_row(self, line: int) -> None:
        """Count the characters of the next row, which begins in this line."""
        self.row_line = line
        self._characters = 0


def _csv_rows(
    path: Path, text: io.TextIOWrapper, layout: FileLayout, delimiter: str, skipped_lines: int
) -> Iterator[tuple[int, list[str]]]:
    lines = _BoundedLines(path, text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for line in range(1, skipped_lines + 1):
            lines.begin_row(line)
            next(iter(lines), "")
        lines.begin_row(skipped_lines + 1)
        for cells in reader:
            if any(cells):
                yield lines.row_line, cells
            lines.begin_row(skipped_lines + reader.line_num + 1)
    except DAMAGE_ERRORS as error:
        raise BadFile(
            f"{path.name} is damaged or cut off after line {lines.row_line - 1}: expected a whole gzip file."
        ) from error
    except UnicodeDecodeError as error:
        line, encoding, listed = _undecodable_line(path, text.encoding), text.encoding, layout.encodings
        expected = " or ".join(listed) if encoding in listed else encoding.removesuffix("-sig")
        raise BadFile(f"{path.name} isn't text in line {line}: expected the encoding {expected}.") from error
    except csv.Error as error:
        raise BadFile(f"{path.name} isn't CSV in line {lines.row_line} ({error}): expected closed quotes.") from error


def _undecodable_line(path: Path, encoding: str) -> int:
    with ExitStack() as exit_stack:
        binary = unpacked(exit_stack.enter_context(path.open("rb")), exit_stack)
        return first_undecodable_line(binary, encoding, None) or 1
