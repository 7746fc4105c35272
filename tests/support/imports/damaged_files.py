"""Making damaged files: the cases are in damaged_csv.py and damaged_workbooks.py.

Rows are `number;received;topic;office;rating;note`; the workbooks have the same columns.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

MAPPING = """
[source]
code = "town"
name = "Town"
[file]
delimiter = ";"
encodings = ["utf-8", "windows-1252"]
[columns]
number = "number"
received_at = "received"
category = "topic"
holder = "office"
rating = "rating"
body = "note"
[dates]
formats = ["ISO"]
[territories]
region = "HR-21"
[[territories.add]]
code = "HR"
level = "country"
name = "Croatia"
timezone = "Europe/Zagreb"
[[territories.add]]
code = "HR-21"
level = "region"
parent = "HR"
name = "Zagreb"
timezone = "Europe/Zagreb"
[[status]]
default = "in_progress"
"""
COLUMNS = ("number", "received", "topic", "office", "rating", "note")
HEADER = ";".join(COLUMNS)
ROW = "{number};2026-01-06;Roads;Works;5;a hole"
CELLS = ("2026-01-06", "Roads", "Works", 5, "a hole")


@dataclass(frozen=True)
class DamagedFile:
    """A file, the exit code of its import, what the sentence or summary has, and how many of its rows land."""

    label: str
    name: str
    content: bytes = field(repr=False)
    exit_code: int
    message: str
    landed: int = 0


def csv_lines(*lines: str, header: str = HEADER) -> str:
    """A CSV file with two good rows, 1 and 2, and the lines."""
    return "\n".join([header, ROW.format(number=1), ROW.format(number=2), *lines, ""])


def with_row(number: object = 3, **cells: object) -> str:
    """A third row in which some cells are different."""
    values = dict(zip(COLUMNS, [str(number), *map(str, CELLS)], strict=True)) | {k: str(v) for k, v in cells.items()}
    return ";".join(values.values())


def workbook(fill: Callable[[Any, Any], None] | None = None, *, rows: Sequence[Sequence[object]] = ()) -> bytes:
    """A workbook with two good rows, 1 and 2, and the rows; `fill` does more to the workbook and its sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Export")
        for index, cells in enumerate((COLUMNS, (1, *CELLS), (2, *CELLS), *rows)):
            sheet.write_row(index, 0, cells)
        if fill:
            fill(book, sheet)
    return buffer.getvalue()


def with_number(number: float, number_format: str = "General") -> bytes:
    """A workbook whose third row has a number shown in a format."""

    def fill(book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        sheet.write_row(3, 0, (3, *CELLS))
        sheet.write_number(3, 0, number, book.add_format({"num_format": number_format}))

    return workbook(fill)


def edited(content: bytes, part: str, pattern: str, replacement: str) -> bytes:
    """A workbook with a part's text replaced; a pattern that isn't there fails."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            text = source.read(info)
            if info.filename.endswith(part):
                changed = re.sub(pattern.encode(), replacement.encode(), text, count=1, flags=re.DOTALL)
                assert changed != text
                text = changed
            target.writestr(info.filename, text)
    return buffer.getvalue()


def without_part(content: bytes, part: str) -> bytes:
    """A workbook that lacks a part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            if not info.filename.endswith(part):
                target.writestr(info.filename, source.read(info))
    return buffer.getvalue()


def archive(**files: bytes) -> bytes:
    """A ZIP archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


GOOD = csv_lines()
BOOK = workbook()
