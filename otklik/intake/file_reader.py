"""Rows of a CSV, a gzipped CSV or an XLSX file, with their line numbers."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from otklik.intake.errors import BadFile, short_quote

Cell = str | float | bool | date | datetime | time | timedelta
MAX_HEADER_BYTES = 64 * 1024
"""How much of a file is searched for its header."""
Peekable = io.BufferedReader | gzip.GzipFile
DAMAGE_ERRORS = (EOFError, zlib.error, gzip.BadGzipFile)
GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True)
class FileLayout:
    """How a source writes its files. The first encoding in which the header has the expected columns is used."""

    delimiter: str = ","
    encodings: tuple[str, ...] = ("utf-8",)
    sheet_name: str | None = None


@dataclass(frozen=True)
class TabularFile:
    """The header, and the rows with the number of the line in which each begins. Reading rows may raise BadFile.

    `progress()` is how much of `total` has been read, in bytes on disk or in rows of a workbook.
    """

    header: list[str]
    rows: Iterator[tuple[int, Sequence[Cell]]]
    progress: Callable[[], int]
    total: int


@contextmanager
def open_tabular_file(path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[TabularFile]:
    """Open a CSV, CSV.gz or XLSX file. Raises BadFile when it can't be read or lacks one of `columns`."""
    if not path.is_file():
        problem = "isn't a file" if path.exists() else "doesn't exist"
        raise BadFile(f"{path} {problem}: expected a CSV, CSV.gz or XLSX file.")
    with ExitStack() as exit_stack:
        try:
            raw = exit_stack.enter_context(path.open("rb"))
            magic = raw.peek(len(ZIP_MAGIC))[: len(ZIP_MAGIC)]
        except OSError as error:
            raise BadFile(f"{path} can't be read ({error.strerror}): expected a readable file.") from error
        if path.suffix.lower() == ".xlsx" or magic == ZIP_MAGIC:
            sheet = _read_workbook(path, layout)
        else:
            sheet = _read_csv(path, raw, layout, columns, exit_stack)
        if not sheet.header:
            raise BadFile(f"{path.name} is empty: expected a header and rows.")
        header_names = [normalized_column(name) for name in sheet.header]
        for column in columns:
            if header_names.count(normalized_column(column)) != 1:
                quote = short_quote(column)
                is_present = normalized_column(column) in header_names
                problem = f"has the column {quote} twice" if is_present else f"has no column {quote}"
                raise BadFile(f"{path.name} {problem} in its header: expected it once.")
        yield sheet


def normalized_column(name: str) -> str:
    """A column's name without differences in case and spaces."""
    return " ".join(name.split()).casefold()


def _read_workbook(path: Path, layout: FileLayout) -> TabularFile:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        if layout.sheet_name is not None and layout.sheet_name not in workbook.sheet_names:
            raise BadFile(
                f"{path.name} has no sheet {short_quote(layout.sheet_name)}: it has {', '.join(workbook.sheet_names)}."
            )
        sheet = workbook.get_sheet_by_name(layout.sheet_name or workbook.sheet_names[0])
    except CalamineError as error:
        raise BadFile(f"{path.name} isn't an XLSX workbook ({error}): expected one, or a CSV file.") from error
    rows = ((line, row) for line, row in enumerate(sheet.iter_rows(), 1) if any(cell != "" for cell in row))
    line, header = next(rows, (1, []))
    last_line = [line]

    def numbered_rows() -> Iterator[tuple[int, Sequence[Cell]]]:
        for line_number, row in rows:
            last_line[0] = line_number
            yield line_number, row

    return TabularFile([str(cell) for cell in header], numbered_rows(), lambda: last_line[0], sheet.total_height)


def _read_csv(
    path: Path, raw: Peekable, layout: FileLayout, columns: Sequence[str], exit_stack: ExitStack
) -> TabularFile:
    binary = exit_stack.enter_context(gzip.GzipFile(fileobj=raw)) if raw.peek(2).startswith(GZIP_MAGIC) else raw
    try:
        encoding = _detect_encoding(binary, layout, columns)
    except DAMAGE_ERRORS as error:
        raise _damaged_file_error(path, 0) from error
    text = exit_stack.enter_context(io.TextIOWrapper(binary, encoding, newline=""))
    lines = _csv_rows(path, text, layout.delimiter)
    _, header = next(lines, (1, []))
    return TabularFile(header, lines, raw.tell, path.stat().st_size)


def _csv_rows(path: Path, text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader, line = csv.reader(text, delimiter=delimiter, strict=True), 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except DAMAGE_ERRORS as error:
        raise _damaged_file_error(path, line - 1) from error
    except UnicodeDecodeError as error:
        line_number, encoding = _first_undecodable_line(path, text.encoding), text.encoding.removesuffix("-sig")
        raise BadFile(f"{path.name} isn't text in line {line_number}: expected the encoding {encoding}.") from error
    except csv.Error as error:
        raise BadFile(f"{path.name} isn't CSV in line {line} ({error}): expected closed quotes.") from error


def _damaged_file_error(path: Path, line: int) -> BadFile:
    return BadFile(f"{path.name} is damaged or cut off after line {line}: expected a whole gzip file.")


def _detect_encoding(binary: Peekable, layout: FileLayout, columns: Sequence[str]) -> str:
    """The first encoding in which the header has the columns; the first of all when none does."""
    # So that a byte order mark doesn't become part of the first column's name.
    encodings = ["utf-8-sig" if name.lower() in {"utf-8", "utf8"} else name for name in layout.encodings]
    first_bytes = binary.peek(MAX_HEADER_BYTES)
    for encoding in encodings:
        text = first_bytes.decode(encoding, errors="replace")
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter), [])
        if {normalized_column(column) for column in columns} <= {normalized_column(name) for name in header}:
            return encoding
    return encodings[0]


def _first_undecodable_line(path: Path, encoding: str) -> int:
    with path.open("rb") as raw:
        compressed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        for line_number, line in enumerate(gzip.GzipFile(fileobj=raw) if compressed else raw, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return line_number
    return line_number
