"""Bounds on the parts of a workbook, a ZIP archive of XML, so that a small file can't take gigabytes of memory.

A reader holds the XML of one row or text at a time, an emptied element for each of them, and all shared texts.
"""

import re
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from otklik.intake.errors import BadFile

MAX_TEXT_BYTES = 128 * 1024**2
"""Unpacked, of a workbook's shared texts."""
MAX_ELEMENT_BYTES = 3 * 1024**2
"""Of a row or a text, and of all that stands before the first or after the last."""
MAX_ELEMENTS = 2_000_000
"""Rows or texts in one part: twice as many as a sheet has rows."""
ELEMENT_START = re.compile(rb"<(?:\w+:)?(?:row|si)[\s/>]")
CHUNK_BYTES = 1024**2
LONGEST_START = 64
"""Bytes of a chunk that are searched again with the next one, since a tag can lie across both."""


def check_parts(path: Path, raw: IO[bytes]) -> None:
    """Raise BadFile for a workbook that would take too much memory, BadZipFile when it isn't a ZIP archive."""
    with ZipFile(raw) as archive:
        for part in archive.infolist():
            if part.file_size <= MAX_ELEMENT_BYTES:
                continue
            is_too_long = "strings" in part.filename.lower() and part.file_size > MAX_TEXT_BYTES
            with archive.open(part) as file:
                if is_too_long or not _has_bounded_elements(file):
                    raise BadFile(
                        f"{path.name} unpacks to more than fits in memory ({part.filename},"
                        f" {part.file_size // 1024**2:,} MB): expected rows of ordinary length, or a CSV file."
                    )


def _has_bounded_elements(file: IO[bytes]) -> bool:
    position = count = last_start = 0
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        block = rest + chunk
        for match in ELEMENT_START.finditer(block):
            start = position + match.start()
            if start - last_start > MAX_ELEMENT_BYTES:
                return False
            count += start > last_start
            last_start = start
        rest = block[-LONGEST_START:]
        position += len(block) - len(rest)
        if count > MAX_ELEMENTS or position - last_start > MAX_ELEMENT_BYTES:
            return False
    return True
