"""Rows as they are read from files of any encoding, in bounded memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from otklik.intake.readers.file_reader import open_tabular_file
from otklik.intake.readers.tabular import FileLayout
from tests.support.paths import PROJECT_ROOT

MAX_PEAK_KILOBYTES = 400 * 1024
TEXT = "number;note\n1;žurba\n"


def test_no_small_file_takes_much_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.support.imports.hostile_files", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT_ROOT, check=True)
    report = json.loads(result.stdout)
    long_row = "has a row of more than 4,000,000 characters in line"
    expected = {
        "cells.xlsx": "unpacks to more than fits in memory (xl/worksheets/sheet1.xml, 240 MB)",
        "good.xlsx": "2 rows",
        "header.csv.gz": f"{long_row} 1",
        "lines.csv.gz": "line 3",
        "quote.csv.gz": f"{long_row} 3",
        "rows.xlsx": "unpacks to more than fits in memory (xl/worksheets/sheet1.xml, 68 MB)",
        "stray.xlsx": "3 rows",
        "styles.xlsx": "unpacks to more than fits in memory (xl/styles.xml, 40 MB)",
        "text.xlsx": "unpacks to more than fits in memory (xl/sharedStrings.xml, 300 MB)",
        "texts.xlsx": "unpacks to more than fits in memory (xl/sharedStrings.xml, 28 MB)",
        "zeros.csv.gz": f"{long_row} 3",
    }
    assert list(report["outcomes"]) == list(expected)
    assert [name for name, outcome in report["outcomes"].items() if expected[name] not in outcome] == []
    assert report["peak"] < MAX_PEAK_KILOBYTES


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        (("utf-8", "windows-1250"), "utf-8"),
        (("utf-8", "windows-1250"), "utf-8-sig"),
        (("utf-8", "windows-1250"), "windows-1250"),
        (("windows-1250",), "utf-8"),
        (("windows-1250", "utf-8"), "utf-8"),
        (("utf-8",), "utf-16"),
        (("utf-8",), "utf-16-le"),
        (("windows-1250",), "utf-16-be"),
        (("utf-16",), "utf-16-le"),
        (("utf-8",), "utf-32"),
    ],
)
def test_the_encoding_in_which_the_whole_file_is_text_is_used(
    tmp_path: Path, listed: tuple[str, ...], written: str
) -> None:
    path = tmp_path / "a.csv"
    # The first letter beyond ASCII is a megabyte below the header.
    path.write_text(TEXT.replace("\n1", "\n" + ("0;" + "x" * 1000 + "\n") * 1100 + "1"), written)
    with open_tabular_file(path, FileLayout(";", listed), ["number"]) as source:
        assert list(source.rows)[-1] == (1102, ["1", "žurba"])
