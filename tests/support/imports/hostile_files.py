"""Reads small files that unpack to hundreds of megabytes, and reports what became of each and the peak of memory.

`python -m tests.support.imports.hostile_files FOLDER`: in a process of its own, so that the peak is the reading's.
"""

import gzip
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from otklik.intake.errors import BadFile
from otklik.intake.readers.file_reader import open_tabular_file
from otklik.intake.readers.tabular import FileLayout
from tests.support.imports.damaged_files import BOOK, workbook

MEGABYTE = 1024**2
HEADER = b"number;note\n1;a\n"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def write_packed(path: Path, start: bytes, block: bytes, repetitions: int) -> None:
    """A gzipped file."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(start)
        for _ in range(repetitions):
            file.write(block)


def write_workbook(path: Path, part: str, xml: tuple[bytes, bytes, bytes], repetitions: int) -> None:
    """A workbook in which one part has its start, a block many times, and its end."""
    good = path.with_name("good.xlsx")
    good.write_bytes(BOOK)
    start, block, end = xml
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for info in source.infolist():
            with target.open(info.filename, "w") as file:
                if not info.filename.endswith(part):
                    file.write(source.read(info))
                    continue
                file.write(start.replace(b" ", b" " + NAMESPACE, 1))
                for _ in range(repetitions):
                    file.write(block)
                file.write(end)


def write_stray_cell(_book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Write into the last cell that a sheet can have."""
    sheet.write_string(1_048_575, 16_383, "x")


def write_files(folder: Path) -> None:
    """All of them."""
    write_packed(folder / "zeros.csv.gz", HEADER, bytes(MEGABYTE), 300)
    write_packed(folder / "quote.csv.gz", HEADER + b'1;"', b"x\n" * (MEGABYTE // 2), 300)
    write_packed(folder / "lines.csv.gz", HEADER, b'x";"\nx' * (MEGABYTE // 6), 300)
    write_packed(folder / "header.csv.gz", b"", b"x;" * (MEGABYTE // 2), 300)
    sheet, sheet_end = b"<worksheet ><sheetData>", b"</sheetData></worksheet>"
    write_workbook(
        folder / "cells.xlsx", "sheet1.xml", (sheet + b"<row>", b"<c/>" * MEGABYTE, b"</row>" + sheet_end), 60
    )
    write_workbook(folder / "rows.xlsx", "sheet1.xml", (sheet, b'<row r="1"/>' * 100_000, sheet_end), 60)
    write_workbook(folder / "texts.xlsx", "sharedStrings.xml", (b"<sst >", b"<si/>" * 100_000, b"</sst>"), 60)
    write_workbook(
        folder / "text.xlsx", "sharedStrings.xml", (b"<sst ><si><t>", b"x" * MEGABYTE, b"</t></si></sst>"), 300
    )
    write_workbook(
        folder / "styles.xlsx",
        "styles.xml",
        (b"<styleSheet ><fonts>", b"<font/>" * 100_000, b"</fonts></styleSheet>"),
        60,
    )
    (folder / "stray.xlsx").write_bytes(workbook(write_stray_cell))


def read_files(folder: Path) -> dict[str, str]:
    """By file, the number of its rows or the reason for which it is refused."""
    outcomes = {}
    for path in sorted(folder.iterdir()):
        try:
            with open_tabular_file(path, FileLayout(";"), ["number"]) as source:
                outcomes[path.name] = f"{sum(1 for _ in source.rows)} rows"
        except BadFile as error:
            outcomes[path.name] = str(error)
    return outcomes


def peak_kilobytes() -> int:
    """The most memory that this process has had, without what its parent had when it started it."""
    # Of `ru_maxrss`, a child inherits its parent's.
    match = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert match
    return int(match[1])


if __name__ == "__main__":
    hostile_folder = Path(sys.argv[1])
    write_files(hostile_folder)
    report = {"outcomes": read_files(hostile_folder), "peak": peak_kilobytes()}
    sys.stdout.write(json.dumps(report))
