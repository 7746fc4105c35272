"""Bounds on a JSON file, so that a small one can't take gigabytes of memory."""

from pathlib import Path

import ijson

from otklik.intake.errors import BadFile
from otklik.intake.readers.csv_reader import MAX_ROW_CHARACTERS
from otklik.intake.readers.encodings import BYTE_ORDER_MARKS, Readable

MAX_DEPTH = 50
EXPECTED = "expected a list of objects, an object that has one, or an object a line"


class BoundedBytes:
    """The bytes of a file. Raises BadFile when those of one record are too many."""

    def __init__(self, path: Path, binary: Readable) -> None:
        """`path` is for messages."""
        self._path = path
        self._binary = binary
        self._count = 0

    def read(self, size: int) -> bytes:
        """The next bytes, as ijson asks for them."""
        block = self._binary.read(size)
        self._count += len(block)
        if self._count > MAX_ROW_CHARACTERS and block:
            raise BadFile(f"{self._path.name} has a record of more than {MAX_ROW_CHARACTERS:,} bytes: {EXPECTED}.")
        return block

    def begin_record(self) -> None:
        """Count the bytes of the next record."""
        self._count = 0


def check_depth(path: Path, binary: Readable) -> None:
    """Raise BadFile for objects and lists too deep in one another, whose prefixes would take gigabytes in ijson."""
    skip_byte_order_mark(binary)
    bounded = BoundedBytes(path, binary)
    depth = 0
    for event, _ in ijson.basic_parse(bounded):
        if event in {"start_map", "start_array"}:
            depth += 1
            if depth > MAX_DEPTH:
                raise BadFile(f"{path.name} has more than {MAX_DEPTH} lists and objects in one another: {EXPECTED}.")
        elif event in {"end_map", "end_array"}:
            depth -= 1
            bounded.begin_record()
    binary.seek(0)


def skip_byte_order_mark(binary: Readable) -> None:
    """Go to the first byte of the text. Raises ValueError for another encoding than UTF-8."""
    binary.seek(0)
    head = binary.read(4)
    mark = next((mark for mark in BYTE_ORDER_MARKS if head.startswith(mark)), b"")
    if mark and BYTE_ORDER_MARKS[mark] != "utf-8-sig":
        raise ValueError("UTF-16 or UTF-32 instead of UTF-8")
    binary.seek(len(mark))
