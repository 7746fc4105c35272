"""The head of a file of unknown layout: its separator, encoding and header row are found by what stands in it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from otklik.intake.errors import BadFile
from otklik.intake.inference.encoding import infer_encoding
from otklik.intake.readers.csv_reader import unpacked
from otklik.intake.readers.file_reader import DELIMITERS, ZIP_MAGIC, open_tabular_file
from otklik.intake.readers.tabular import Cell, FileLayout
from otklik.intake.readers.workbook_reader import visible_sheet_names

SAMPLE_ROWS, SAMPLE_CHARACTERS = 20_000, 64_000_000
HEAD_BYTES = 256 * 1024
COMPARED_ROWS = 200
"""Rows by which a separator is judged."""
MAX_TITLE_ROWS, MAX_SHEETS = 50, 20
MIN_FILLED_SHARE = 0.6
"""Of a header's cells, compared with the usual width of a row."""
DATA_CELL = re.compile(r"[-+]?[\d.,:/\sT]*\d[\d.,:/\sTZ-]*")
EXPECTED = "expected a header and a row per appeal, as CSV, JSON or XLSX"


@dataclass(frozen=True)
class FileSample:
    """The layout that a file seems to have, its header and first rows; rows of another width are left out."""

    layout: FileLayout
    header: list[str]
    rows: list[Sequence[Cell]]
    is_whole: bool
    """Whether the file has no more rows."""
    odd_row_count: int
    """Rows of another width."""


def read_sample(path: Path) -> FileSample:
    """The head of a file. Raises BadFile when it isn't a table."""
    layout = _infer_text_layout(path) if _is_delimited_text(path) else FileLayout(sheet_name=_table_sheet(path))
    header, rows, skipped_rows, is_whole = _read_rows(path, layout)
    if len(header) == 1:
        raise BadFile(f"{path.name} has one column alone: {EXPECTED}.")
    if _is_data(header):
        raise BadFile(f"{path.name} has no header, since its first row looks like data: {EXPECTED}.")
    if not rows:
        raise BadFile(f"{path.name} has a header but no rows: {EXPECTED}.")
    whole_rows = [row for row in rows if len(row) == len(header)]
    layout = replace(layout, skipped_rows=skipped_rows)
    return FileSample(layout, header, whole_rows, is_whole, len(rows) - len(whole_rows))


def _read_rows(path: Path, layout: FileLayout) -> tuple[list[str], list[Sequence[Cell]], int, bool]:
    """The header, the rows below it, how many stand above it, and whether these are all rows."""
    with open_tabular_file(path, layout, ()) as source:
        numbered_rows: list[tuple[int, Sequence[Cell]]] = []
        characters = 0
        is_whole = True
        for line, cells in source.rows:
            characters += sum(len(cell) for cell in cells if isinstance(cell, str))
            if len(numbered_rows) == SAMPLE_ROWS or characters > SAMPLE_CHARACTERS:
                is_whole = False
                break
            numbered_rows.append((line, cells))
        header = source.header
    width = _usual_width([header, *(cells for _, cells in numbered_rows[:COMPARED_ROWS])])
    if _filled_count(header) >= MIN_FILLED_SHARE * width:
        return header, [cells for _, cells in numbered_rows], 0, is_whole
    for line, cells in numbered_rows[:MAX_TITLE_ROWS]:
        if _filled_count(cells) >= MIN_FILLED_SHARE * width:
            return _read_below(path, replace(layout, skipped_rows=line - 1))
    raise BadFile(f"{path.name} has no header in its first {MAX_TITLE_ROWS} rows: {EXPECTED}.")


def _read_below(path: Path, layout: FileLayout) -> tuple[list[str], list[Sequence[Cell]], int, bool]:
    """The same below the title rows, as an import reads it."""
    with open_tabular_file(path, layout, ()) as source:
        rows = [cells for _, cells in islice(source.rows, SAMPLE_ROWS + 1)]
        return source.header, rows[:SAMPLE_ROWS], layout.skipped_rows, len(rows) <= SAMPLE_ROWS


def _is_delimited_text(path: Path) -> bool:
    """Whether a file is neither a workbook nor JSON, as far as its first bytes and its name say."""
    if not path.is_file():
        return False
    with path.open("rb") as raw:
        head = raw.read(1024)
    is_text = not head.startswith(ZIP_MAGIC) and path.suffix.lower() != ".xlsx"
    return is_text and not re.search(r"\.(json|jsonl|ndjson|geojson)(\.gz)?$", path.name, re.IGNORECASE)


def _table_sheet(path: Path) -> str | None:
    """The sheet of a workbook with the widest rows, if that isn't the first one; None for other files too."""
    if not path.is_file():
        return None
    with path.open("rb") as raw:
        if not raw.peek(len(ZIP_MAGIC)).startswith(ZIP_MAGIC):
            return None
        names = visible_sheet_names(path, raw)[:MAX_SHEETS]
    if len(names) <= 1:
        return None
    widths = {name: _sheet_width(path, name) for name in names}
    widest = max(names, key=widths.__getitem__)
    return widest if widest != names[0] else None


def _sheet_width(path: Path, name: str) -> int:
    """How many filled cells most of the first rows have; 0 for an empty sheet."""
    try:
        with open_tabular_file(path, FileLayout(sheet_name=name), ()) as source:
            return _usual_width([source.header, *(cells for _, cells in islice(source.rows, COMPARED_ROWS))])
    except BadFile:
        return 0


def _infer_text_layout(path: Path) -> FileLayout:
    with ExitStack() as exit_stack:
        binary = unpacked(exit_stack.enter_context(path.open("rb")), exit_stack)
        encoding = infer_encoding(path, binary)
        binary.seek(0)
        try:
            head = binary.read(HEAD_BYTES).decode(encoding, errors="ignore")
        except (EOFError, OSError) as error:
            raise BadFile(f"{path.name} is damaged or cut off: expected a whole gzip file.") from error
    lines = head.splitlines(keepends=True)
    # The last line may be cut off.
    text = "".join(lines[:-1] if len(lines) > 1 else lines)
    delimiter = max(DELIMITERS, key=lambda delimiter: _separation(text, delimiter))
    # What has a byte order mark is recognised by it.
    return FileLayout(delimiter, (encoding if encoding.startswith(("windows", "iso")) else "utf-8",))


def _separation(text: str, delimiter: str) -> tuple[float, int]:
    """How well a separator fits: the share of rows of the usual width, if that is more than 1, and that width."""
    try:
        rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), COMPARED_ROWS)
        widths = [len(cells) for cells in rows if any(cells)]
    except csv.Error:
        return 0, 0
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    # Title rows are narrower, and texts have commas; wide rows tell more than even ones.
    return (round(count / len(widths), 1) * (width - 1) ** 0.5, width) if width > 1 else (0, 0)


def _usual_width(rows: Sequence[Sequence[Cell]]) -> int:
    return max(Counter(map(_filled_count, rows)).items(), key=lambda item: (item[1], item[0]))[0]


def _filled_count(cells: Sequence[Cell]) -> int:
    return sum(str(cell).strip() != "" for cell in cells)


def _is_data(header: Sequence[str]) -> bool:
    """Whether a third of the cells are numbers, dates or empty, which no names of columns are."""
    count = sum(not name.strip() or DATA_CELL.fullmatch(name.strip()) is not None for name in header)
    return count >= max(1, len(header) / 3)
