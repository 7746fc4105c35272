"""Records of a JSON file or of JSON lines, gzipped or not, in bounded memory."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import ijson

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.readers.csv_reader import MAX_ROW_CHARACTERS, unpacked
from otklik.intake.readers.encodings import DAMAGE_ERRORS, Readable
from otklik.intake.readers.json_bounds import EXPECTED, BoundedBytes, check_depth, skip_byte_order_mark
from otklik.intake.readers.tabular import Cell, FileLayout, TabularFile

MAX_COLUMNS = 2000
"""Different names in all records."""
Record = Mapping[str, Any]


def open_json(path: Path, raw: io.BufferedReader, layout: FileLayout, exit_stack: ExitStack) -> TabularFile:
    """Collect the names that the records have, in one pass; `exit_stack` closes what reads the rows. Raises BadFile.

    Names of nested objects are joined by dots. A row's line is that of the file for JSON lines, and else its place
    among the records, from 1.
    """
    names: dict[str, int] = {}
    with path.open("rb") as first_raw, ExitStack() as first_stack:
        for _, record in _records(path, unpacked(first_raw, first_stack), layout, is_first_pass=True):
            for name in record:
                names.setdefault(name, len(names))
            if len(names) > MAX_COLUMNS:
                raise BadFile(f"{path.name} has records with more than {MAX_COLUMNS:,} names: {EXPECTED}.")
    header = list(names)

    def rows() -> Iterator[tuple[int, Sequence[Cell]]]:
        for line, record in _records(path, unpacked(raw, exit_stack), layout):
            yield line, [record.get(name, "") for name in header]

    return TabularFile(header, rows(), raw.tell, path.stat().st_size, "the names of its records")


def _records(
    path: Path, binary: Readable, layout: FileLayout, *, is_first_pass: bool = False
) -> Iterator[tuple[int, Record]]:
    """The records with their lines or places, as texts by their names."""
    try:
        has_a_record_a_line = _has_a_record_a_line(binary)
        if is_first_pass and not has_a_record_a_line:
            check_depth(path, binary)
        records = _line_records(path, binary) if has_a_record_a_line else _listed_records(path, binary, layout)
        for line, record in records:
            if not isinstance(record, dict):
                raise BadFile(f"{path.name} has {short_quote(str(record))} in place of record {line:,}: {EXPECTED}.")
            yield line, dict(_flat(record))
    except DAMAGE_ERRORS as error:
        raise BadFile(f"{path.name} is damaged or cut off: expected a whole gzip file.") from error
    except (ijson.JSONError, ValueError, RecursionError) as error:
        raise BadFile(f"{path.name} isn't JSON ({' '.join(str(error).split())[:100]}): {EXPECTED}.") from error


def _has_a_record_a_line(binary: Readable) -> bool:
    """Whether the first line is a whole object, and another follows it."""
    skip_byte_order_mark(binary)
    filled_lines = (line for line in iter(lambda: binary.readline(MAX_ROW_CHARACTERS), b"") if line.strip())
    line, following = next(filled_lines, b""), next(filled_lines, b"")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    # One object alone is a record unless it holds the list.
    return isinstance(record, dict) and (bool(following) or not _has_objects(record))


def _has_objects(value: object) -> bool:
    """Whether a list of objects is in it."""
    match value:
        case dict():
            return any(map(_has_objects, value.values()))
        case [dict(), *_]:
            return True
    return False


def _line_records(path: Path, binary: Readable) -> Iterator[tuple[int, Any]]:
    skip_byte_order_mark(binary)
    line = 0
    while text := binary.readline(MAX_ROW_CHARACTERS + 1):
        line += 1
        if len(text) > MAX_ROW_CHARACTERS:
            raise BadFile(f"{path.name} has a record of more than {MAX_ROW_CHARACTERS:,} bytes in line {line}.")
        if text.strip():
            try:
                yield line, json.loads(text, parse_float=Decimal)
            except ValueError as error:
                raise BadFile(f"{path.name} isn't JSON in line {line} ({error}): {EXPECTED}.") from error


def _listed_records(path: Path, binary: Readable, layout: FileLayout) -> Iterator[tuple[int, Any]]:
    prefix = f"{layout.records_path}.item" if layout.records_path else _first_list(path, binary)
    skip_byte_order_mark(binary)
    bounded = BoundedBytes(path, binary)
    for place, record in enumerate(ijson.items(bounded, prefix.removeprefix(".")), 1):
        bounded.begin_record()
        yield place, record


def _first_list(path: Path, binary: Readable) -> str:
    """The prefix of the items of the first list of objects."""
    skip_byte_order_mark(binary)
    list_prefix: str | None = None
    for prefix, event, _ in ijson.parse(BoundedBytes(path, binary)):
        if list_prefix is not None and event == "start_map":
            binary.seek(0)
            return f"{list_prefix}.item"
        list_prefix = prefix if event == "start_array" else None
    raise BadFile(f"{path.name} has no list of objects: {EXPECTED}.")


def _flat(record: Record, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The values as texts; null is empty, a list of plain values is joined by commas, other lists stay JSON."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _value_text(value)


def _value_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() if not any(isinstance(item, list | dict) for item in value):
            return ", ".join(map(_value_text, value))
        case list():
            return json.dumps(value, ensure_ascii=False, default=str)
        case Decimal():
            return f"{value:f}"
    return str(value)
