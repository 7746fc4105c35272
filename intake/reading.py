"""Rows of a CSV, a gzipped CSV or an XLSX file, with their line numbers."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from intake.refusals import BadFile, quoted

Cell = str | float | bool | date | datetime | time | timedelta
HEAD = 64 * 1024
Peekable = io.BufferedReader | gzip.GzipFile
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True)
class Layout:
    """How a source writes its files; the first of `encodings` that shows the columns is taken."""

    delimiter: str = ","
    encodings: tuple[str, ...] = ("utf-8",)
    sheet: str | None = None


@dataclass(frozen=True)
class Sheet:
    """The header and the rows under it, each with the line it starts in.

    `done()` of `total` is read: bytes on disk, or rows of a workbook. Reading on may raise BadFile.
    """

    header: list[str]
    rows: Iterator[tuple[int, Sequence[Cell]]]
    done: Callable[[], int]
    total: int


@contextmanager
def opened(path: Path, layout: Layout, columns: Sequence[str]) -> Iterator[Sheet]:
    """A file that has all these columns, open for reading. Raises BadFile."""
    if not path.is_file():
        what = "is no file" if path.exists() else "doesn't exist"
        raise BadFile(f"{path} {what}: expected a CSV, CSV.gz or XLSX file.")
    try:
        raw: io.BufferedReader = io.BufferedReader(io.FileIO(path), HEAD)
    except OSError as error:
        raise BadFile(f"{path} can't be read ({error.strerror}): expected a readable file.") from error
    with raw:
        start = raw.peek(len(ZIP))[: len(ZIP)]
        if path.suffix.lower() == ".xlsx" or start == ZIP:
            sheet = _workbook(path, layout)
        else:
            sheet = _csv(path, raw, layout, columns, compressed=start.startswith(GZIP))
        if not sheet.header:
            raise BadFile(f"{path.name} is empty: expected a header and rows.")
        found = [plain(name) for name in sheet.header]
        for column in columns:
            if found.count(plain(column)) != 1:
                what = "twice" if plain(column) in found else "nowhere"
                raise BadFile(f"{path.name} has the column {quoted(column)} {what} in its header: expected it once.")
        yield sheet


def plain(name: str) -> str:
    """A column's name without differences that nobody sees."""
    return " ".join(name.split()).casefold()


def _workbook(path: Path, layout: Layout) -> Sheet:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        if layout.sheet is not None and layout.sheet not in workbook.sheet_names:
            raise BadFile(f"{path.name} has no sheet {quoted(layout.sheet)}: it has {', '.join(workbook.sheet_names)}.")
        sheet = workbook.get_sheet_by_name(layout.sheet or workbook.sheet_names[0])
    except CalamineError as error:
        raise BadFile(f"{path.name} is no XLSX workbook ({error}): expected one, or a CSV file.") from error
    rows = ((line, row) for line, row in enumerate(sheet.iter_rows(), 1) if any(cell != "" for cell in row))
    line, header = next(rows, (1, []))
    reached = [line]

    def counted() -> Iterator[tuple[int, Sequence[Cell]]]:
        for number, row in rows:
            reached[0] = number
            yield number, row

    return Sheet([str(cell) for cell in header], counted(), lambda: reached[0], sheet.total_height)


def _csv(path: Path, raw: io.BufferedReader, layout: Layout, columns: Sequence[str], *, compressed: bool) -> Sheet:
    binary = gzip.GzipFile(fileobj=raw) if compressed else raw
    lines = _lines(path, binary, layout, columns)
    _, header = next(lines, (1, []))
    total = path.stat().st_size
    # Python's reader closes the file at its end.
    return Sheet(header, lines, lambda: total if raw.closed else raw.tell(), total)


def _lines(path: Path, binary: Peekable, layout: Layout, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    reader, line, encoding = None, 1, layout.encodings[0]
    try:
        encoding = _encoding(binary, layout, columns)
        reader = csv.reader(io.TextIOWrapper(binary, encoding, newline=""), delimiter=layout.delimiter, strict=True)
        for cells in reader:
            if cells and any(cells):
                yield line, cells
            line = reader.line_num + 1
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadFile(
            f"{path.name} is damaged or cut off after line {line - 1}: expected a whole gzip file."
        ) from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name} isn't {encoding} text in line {_undecodable(path, encoding)}.") from error
    except csv.Error as error:
        raise BadFile(f"{path.name} isn't CSV in line {line} ({error}): expected closed quotes.") from error


def _encoding(binary: Peekable, layout: Layout, columns: Sequence[str]) -> str:
    """The encoding in which the header shows the columns; failing all, the first one."""
    # A byte order mark is no part of the first column's name.
    encodings = ["utf-8-sig" if name.lower() in {"utf-8", "utf8"} else name for name in layout.encodings]
    head = binary.peek(HEAD)
    for encoding in encodings:
        text = head.decode(encoding, errors="replace")
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter), [])
        if {plain(column) for column in columns} <= {plain(name) for name in header}:
            return encoding
    return encodings[0]


def _undecodable(path: Path, encoding: str) -> int:
    with path.open("rb") as raw:
        compressed = raw.read(2) == GZIP
        raw.seek(0)
        for number, line in enumerate(gzip.GzipFile(fileobj=raw) if compressed else raw, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number
    return number
