"""A bad file gives one sentence and exit code 2, and changes nothing."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.imports.export_files import (
    EXAMPLE_ROW,
    export_row,
    run_import,
    table_contents,
    write_csv,
    write_xlsx,
)

ROWS = [export_row(str(number)) for number in range(300)]
Damage = Callable[[Path], Path]


def _written(name: str, content: bytes) -> Damage:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return write


def _without_a_column(folder: Path) -> Path:
    rows = [{name: text for name, text in row.items() if name != "Дата поступления"} for row in ROWS]
    return write_csv(folder / "a.csv", rows)


def _column_twice(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_text(path.read_text("utf-8-sig").replace("Номер ЕПГУ", "номер", 1), "utf-8")
    return path


def _wrong_byte(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[200] = lines[200].replace("Дороги".encode(), b"\xc4\xee\xf0")
    path.write_bytes(b"".join(lines))
    return path


def _open_quote(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_bytes(path.read_bytes().replace(b";5;", b';"5;', 1))
    return path


def _other_delimiter(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_bytes(path.read_bytes().replace(b";", b","))
    return path


def _short_gzip(folder: Path) -> Path:
    path = folder / "a.csv.gz"
    content = gzip.compress(write_csv(folder / "b.csv", ROWS).read_bytes())
    path.write_bytes(content[: len(content) // 2])
    return path


def _flipped_gzip(folder: Path) -> Path:
    path = folder / "a.csv.gz"
    content = bytearray(gzip.compress(write_csv(folder / "b.csv", ROWS).read_bytes()))
    content[-6] ^= 1  # a bit of the checksum
    path.write_bytes(content)
    return path


def _half_a_workbook(folder: Path) -> Path:
    content = write_xlsx(folder / "b.xlsx", ROWS).read_bytes()
    return _written("a.xlsx", content[: len(content) // 2])(folder)


def _empty_workbook(folder: Path) -> Path:
    path = write_xlsx(folder / "a.xlsx", [{}])
    assert path.stat().st_size > 0
    return path


def _header_alone(folder: Path) -> Path:
    path = write_csv(folder / "a.csv", ROWS)
    path.write_bytes(path.read_bytes().splitlines()[0])
    return path


def _folder(folder: Path) -> Path:
    path = folder / "a.csv"
    path.mkdir()
    return path


DAMAGES: list[tuple[Damage, str]] = [
    (_without_a_column, "a.csv has no column “Дата поступления” in its header, line 1 split at “;”: “Номер”,"),
    (_column_twice, "a.csv has the column “Номер” twice in its header: expected it once"),
    (
        _other_delimiter,
        "“Номер,Номер ЕПГУ,Источник,Верхнеуровневый ЛКО,Категория,Подк…”; its columns are separated by “,”.",
    ),
    (_wrong_byte, "a.csv isn't text in line 201: expected the encoding utf-8."),
    (_open_quote, "a.csv isn't CSV in line 2"),
    (_short_gzip, "a.csv.gz is damaged or cut off after line "),
    (_flipped_gzip, "a.csv.gz is damaged or cut off after line 301: expected a whole gzip file"),
    (_written("a.csv.gz", b"\x1f\x8bnonsense"), "a.csv.gz is damaged or cut off after line 0"),
    (_written("a.xlsx", b"no workbook"), "a.xlsx isn't an XLSX workbook"),
    (_half_a_workbook, "a.xlsx isn't an XLSX workbook"),
    (_empty_workbook, "a.xlsx is empty: expected a header and rows"),
    (_written("a.csv", b""), "a.csv is empty: expected a header and rows"),
    (_written("a.csv", b"\n\n"), "a.csv is empty: expected a header and rows"),
    (_header_alone, "a.csv has a header but no rows: expected rows"),
    (_folder, "a.csv isn't a file: expected a CSV, JSON or XLSX file"),
    (lambda folder: folder / "none.csv", "none.csv doesn't exist: expected a CSV, JSON or XLSX file"),
]


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES)
def test_a_damaged_file_is_reported_in_one_sentence(url: str, tmp_path: Path, damage: Damage, sentence: str) -> None:
    assert run_import(url, write_csv(tmp_path / "before.csv", [EXAMPLE_ROW])).exit_code == 0
    before = table_contents(url)
    bad = damage(tmp_path)
    files = sorted(tmp_path.iterdir())
    result = run_import(url, bad)
    assert (result.exit_code, result.stdout) == (2, "")
    [message] = [line for line in result.stderr.splitlines() if not line.endswith("…")]
    assert message.startswith("Error: ")
    assert sentence in message
    assert table_contents(url) == before
    assert sorted(tmp_path.iterdir()) == files


def test_rejected_rows_that_cant_be_written_stop_the_import(url: str, tmp_path: Path) -> None:
    before = table_contents(url)
    file = write_csv(tmp_path / f"{'a' * 240}.csv", [EXAMPLE_ROW, export_row("102", {"Статус": "Съедено"})])
    result = run_import(url, file)
    assert result.exit_code == 2
    assert ".rejected.csv can't be written (File name too long)" in result.stderr
    assert table_contents(url) == before
    assert list(tmp_path.iterdir()) == [file]
