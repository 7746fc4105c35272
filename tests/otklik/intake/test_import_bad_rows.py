"""Bad rows are written to a file with line and reason; the good ones are imported."""

import csv
from pathlib import Path

import pytest

from tests.support.imports.export_files import (
    EXAMPLE_ROW,
    OPEN_CELLS,
    export_row,
    query_rows,
    run_import,
    table_contents,
    write_csv,
    write_xlsx,
)

CASES: list[tuple[dict[str, str], str]] = [
    ({"Номер": "-"}, "no number: the column “Номер” is empty"),
    ({"Номер": "1" * 201}, "a number longer than 200 characters"),
    ({"Номер": "1"}, "a duplicate number: “1”"),
    ({"Дата поступления": "-"}, "no date of receipt: the column “Дата поступления” is empty"),
    ({"Дата поступления": "31.02.2026"}, "an unreadable date: “31.02.2026” for received_at, expected %d.%m.%Y"),
    ({"Дата поступления": "2026-01-06"}, "an unreadable date: “2026-01-06” for received_at"),
    ({"Дата поступления": "06.01.0026"}, "a date outside 1970–2100: 06.01.26"),
    ({"Дата фактического завершения": "05.01.2026"}, "closed before received: 05.01.2026"),
    ({"Дата фактического завершения": "-"}, "a closed status without a closing date"),
    ({"Статус": "В работе"}, "an open status with a closing date"),
    ({"Статус": "Съедено"}, "an unknown value: “Съедено” in the column “Статус”"),
    ({"Статус": "-"}, "no status"),
    ({"Источник": "Голубь"}, "an unknown value: “Голубь” in the column “Источник”"),
    ({"Тип решения": "Быть может"}, "an unknown value: “Быть может” in the column “Тип решения”"),
    ({"Оценка ответа заявителем": "9"}, "a rating outside 1–5: “9”"),
    ({"Оценка ответа заявителем": "0"}, "a rating outside 1–5: “0”"),
    ({"Оценка ответа заявителем": "4,5"}, "a rating outside 1–5: “4,5”"),
    ({"Верхнеуровневый ЛКО": "Атлантида"}, "an unknown region: “Атлантида”"),
    ({"Верхнеуровневый ЛКО": "-"}, "an unknown region: “”"),
    ({"Категория": "-"}, "no topic: the column “Категория” is empty"),
    ({"Организация, в которой находится": "-"}, "no organisation"),
    ({"Категория": "До\0роги"}, "a NUL character: “До␀роги”"),
]


@pytest.mark.parametrize(("change", "reason"), CASES)
def test_a_bad_row_is_rejected_and_the_good_ones_are_imported(
    url: str, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    rows = [export_row("1"), {**export_row("2"), **change}, export_row("3")]
    result = run_import(url, write_csv(tmp_path / "a.csv", rows))
    assert result.exit_code == 1
    kind = f"{reason} (1)" if reason.startswith("an unknown ") else reason.partition(":")[0]
    assert result.stdout.splitlines() == [
        "a.csv: 3 rows; 2 new, 0 changed, 0 unchanged, 1 rejected.",
        f"  1 × {kind}",
        f"The rejected rows are in {tmp_path / 'a.csv.rejected.csv'}.",
    ]
    assert query_rows(url, "SELECT number FROM appeal ORDER BY number") == [("1",), ("3",)]
    with (tmp_path / "a.csv.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        [rejected_row] = csv.DictReader(file, delimiter=";")
    assert rejected_row.pop("line") == "3"
    assert rejected_row.pop("reason").startswith(reason)
    assert rejected_row == rows[1]


def test_a_bad_row_adds_no_territory_topic_or_organisation(url: str, tmp_path: Path) -> None:
    before = table_contents(url)
    file = write_csv(tmp_path / "a.csv", [export_row("101", {"Оценка ответа заявителем": "9"})])
    assert run_import(url, file).exit_code == 1
    assert table_contents(url) == before


@pytest.mark.parametrize(("line", "cells"), [("101;b", 2), (";".join(["x"] * 26), 26)])
def test_a_row_with_a_wrong_number_of_cells_is_a_bad_row(url: str, tmp_path: Path, line: str, cells: int) -> None:
    file = write_csv(tmp_path / "a.csv", [EXAMPLE_ROW])
    file.write_text(f"{file.read_text('utf-8')}{line}\n\n;;;\n", "utf-8")
    result = run_import(url, file)
    assert "2 rows; 1 new, 0 changed, 0 unchanged, 1 rejected." in result.stdout
    assert f"3;a wrong number of cells: {cells} instead of 25;" in (tmp_path / "a.csv.rejected.csv").read_text("utf-8")


def test_lines_are_counted_as_an_editor_counts_them(url: str, tmp_path: Path) -> None:
    broken = export_row("2", {"Факт": "Яма\nи лужа"})
    bad = export_row("3", {"Статус": "Съедено"})
    assert run_import(url, write_csv(tmp_path / "a.csv", [EXAMPLE_ROW, broken, bad])).exit_code == 1
    assert "\n5;an unknown value" in (tmp_path / "a.csv.rejected.csv").read_text("utf-8").replace("\r", "")
    assert run_import(url, write_xlsx(tmp_path / "a.xlsx", [EXAMPLE_ROW, broken, bad])).exit_code == 1
    assert "\n4;an unknown value" in (tmp_path / "a.xlsx.rejected.csv").read_text("utf-8").replace("\r", "")


def test_no_cell_of_a_rejected_row_is_a_formula(url: str, tmp_path: Path) -> None:
    cells = {"Статус": "=HYPERLINK(1)", "Факт": "+7 (1)", "ФИО координатора": "@x", "ФИО исполнителя": "\t=1"}
    assert run_import(url, write_csv(tmp_path / "a.csv", [export_row("101", cells)])).exit_code == 1
    with (tmp_path / "a.csv.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        [rejected_row] = csv.DictReader(file, delimiter=";")
    assert [rejected_row[name] for name in cells] == ["'=HYPERLINK(1)", "'+7 (1)", "'@x", "'\t=1"]
    assert rejected_row["ФИО руководителя"] == "-"  # harmless, so unchanged


def test_rejected_rows_can_be_corrected_and_imported(url: str, tmp_path: Path) -> None:
    rows = [EXAMPLE_ROW, {**export_row("2"), "Статус": "Съедено"}, {**export_row("3"), **OPEN_CELLS}]
    assert run_import(url, write_xlsx(tmp_path / "a.xlsx", rows)).exit_code == 1
    rejected_file = tmp_path / "a.xlsx.rejected.csv"
    rejected_file.write_text(rejected_file.read_text("utf-8").replace("Съедено", EXAMPLE_ROW["Статус"]), "utf-8")
    assert run_import(url, rejected_file).stdout.endswith("1 row; 1 new, 0 changed, 0 unchanged, 0 rejected.\n")
    assert query_rows(url, "SELECT number, rating, received_at::text FROM appeal WHERE number = '2'") == [
        ("2", 5, "2026-01-05 19:00:00+00")
    ]


def test_a_clean_import_removes_the_rejected_rows_of_an_earlier_one(url: str, tmp_path: Path) -> None:
    rejected_file = tmp_path / "a.csv.rejected.csv"
    assert run_import(url, write_csv(tmp_path / "a.csv", [export_row("101", {"Статус": "Съедено"})])).exit_code == 1
    assert rejected_file.exists()
    file = write_csv(tmp_path / "a.csv", [EXAMPLE_ROW])
    assert run_import(url, file, "pos", "--dry-run").exit_code == 0
    assert rejected_file.exists()
    assert run_import(url, file).exit_code == 0
    assert list(tmp_path.iterdir()) == [file]
