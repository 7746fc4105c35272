"""Rows of a CSV, a JSON or an XLSX file, with their line numbers."""

import codecs
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.readers.csv_reader import GZIP_MAGIC, open_csv
from otklik.intake.readers.tabular import FileLayout, TabularFile, normalized_column
from otklik.intake.readers.workbook_reader import open_workbook

ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
JSON_NAME = re.compile(r"\.(json|jsonl|ndjson|geojson)(\.gz)?$", re.IGNORECASE)
JSON_START = re.compile(rb'\s*(\[\s*\{|\{\s*")')
LOOKED_AT_BYTES = 200
DELIMITERS = (",", ";", "\t", "|")
MAX_TITLE_ROWS = 20
"""Rows below the first that are searched for a header, so that the message can name its line."""
MAX_QUOTED_COLUMNS = 5


@contextmanager
def open_tabular_file(path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[TabularFile]:
    """Open a CSV, JSON or XLSX file, the first two also gzipped.

    Raises BadFile when it can't be read or lacks one of `columns`.
    """
    if not path.is_file():
        problem = "isn't a file" if path.exists() else "doesn't exist"
        raise BadFile(f"{path} {problem}: expected a CSV, JSON or XLSX file.")
    with ExitStack() as exit_stack:
        try:
            raw = exit_stack.enter_context(path.open("rb"))
            magic = raw.peek(len(ZIP_MAGIC))[: len(ZIP_MAGIC)]
        except OSError as error:
            raise BadFile(f"{path} can't be read ({error.strerror}): expected a readable file.") from error
        if magic == OLE_MAGIC:
            raise BadFile(
                f"{path.name} is an old Excel file or protected by a password: expected XLSX without one, or CSV."
            )
        is_workbook = magic == ZIP_MAGIC or (path.suffix.lower() == ".xlsx" and not magic.startswith(GZIP_MAGIC))
        if is_workbook:
            source = open_workbook(path, raw, layout, exit_stack)
        elif _is_json(path, raw):
            from otklik.intake.readers.json_reader import open_json  # noqa: PLC0415 - few imports read JSON

            source = open_json(path, raw, layout, exit_stack)
        else:
            source = open_csv(path, raw, layout, columns, exit_stack)
        if not source.header:
            raise BadFile(f"{path.name} is empty: expected a header and rows{source.other_sheets}.")
        _check_header(path, source, columns)
        yield source


def _is_json(path: Path, raw: io.BufferedReader) -> bool:
    """Whether a file is JSON by its name, or by how it begins."""
    head = raw.peek(LOOKED_AT_BYTES)[:LOOKED_AT_BYTES].removeprefix(codecs.BOM_UTF8)
    return JSON_NAME.search(path.name) is not None or JSON_START.match(head) is not None


def _check_header(path: Path, source: TabularFile, columns: Sequence[str]) -> None:
    header_names = [normalized_column(name) for name in source.header]
    for column in columns:
        count = header_names.count(normalized_column(column))
        if count > 1:
            raise BadFile(f"{path.name} has the column {short_quote(column)} twice in its header: expected it once.")
        if not count:
            raise BadFile(
                f"{path.name} has no column {short_quote(column)} in its header, {source.position}:"
                f" {_quote_header(source.header)}{_hint(source, columns)}."
            )


def _quote_header(header: Sequence[str]) -> str:
    names = ", ".join(short_quote(name) for name in header[:MAX_QUOTED_COLUMNS])
    return f"{names} and {len(header) - MAX_QUOTED_COLUMNS} more" if len(header) > MAX_QUOTED_COLUMNS else names


def _hint(source: TabularFile, columns: Sequence[str]) -> str:
    """Where the header seems to be: at another separator, some lines below, or on another sheet."""
    expected = {normalized_column(column) for column in columns}
    if len(source.header) == 1:
        # Not all, since a name may have the separator in it.
        counts = {delimiter: len(expected & _split_names(source.header[0], delimiter)) for delimiter in DELIMITERS}
        likely = max(DELIMITERS, key=counts.__getitem__)
        if counts[likely] > 1:
            return f"; its columns are separated by {short_quote(likely)}"
    for (line, cells), _ in zip(source.rows, range(MAX_TITLE_ROWS), strict=False):
        if expected <= {normalized_column(str(cell)) for cell in cells}:
            return f"; line {line} has them all: `skip_rows = {line - 1}` in [file] skips those above it"
    return source.other_sheets


def _split_names(line: str, delimiter: str) -> set[str]:
    return {normalized_column(name.strip('"')) for name in line.split(delimiter)}
