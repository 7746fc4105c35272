"""Importing a good file: the rows that it leaves in the database."""

import os
from pathlib import Path

import pytest

from otklik.intake.importer import import_file
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


def test_a_row_of_the_feedback_platform_becomes_an_appeal(url: str, tmp_path: Path) -> None:
    result = run_import(
        url, write_csv(tmp_path / "pos.csv", [EXAMPLE_ROW, export_row("102", {"Повторное рассмотрение": "Да"})])
    )
    assert (result.exit_code, result.stderr.count("Error")) == (0, 0)
    assert result.stdout == "pos.csv: 2 rows; 2 new, 0 changed, 0 unchanged, 0 rejected.\n"
    columns = (
        "number, source, channel, region, municipality, category, subcategory, fact, organisation, first_organisation,"
        " status, stage, outcome, regime, received_at::text, deadline_at::text, closed_at::text, rating,"
        " rated_at::text, reopened"
    )
    assert query_rows(url, f"SELECT {columns} FROM report.appeals WHERE number = '101'") == [
        (
            *("101", "pos", "portal", "RU-KHM", None, "Дороги", "Содержание дорог", "Яма на проезжей части"),
            *("Администрация города Сургута", "Департамент дорожного хозяйства", "answered", "finished", "resolved"),
            # Local midnight in Ugra, UTC+5; a deadline is the end of its day.
            *("fast", "2026-01-05 19:00:00+00", "2026-01-16 18:59:59+00", "2026-01-14 19:00:00+00"),
            *(5, "2026-01-14 19:00:00+00", 0),
        )
    ]
    assert query_rows(url, "SELECT reopened FROM appeal WHERE number = '102'") == [(1,)]
    assert query_rows(url, "SELECT level, code FROM territory ORDER BY id") == [
        ("country", "RU"),
        ("district", "RU-FD-URAL"),
        ("region", "RU-KHM"),
    ]
    assert query_rows(url, "SELECT name, level FROM organisation ORDER BY name") == [
        ("Администрация города Сургута", "municipal"),
        ("Департамент дорожного хозяйства", "regional"),
    ]
    text = str(table_contents(url))
    assert "Иванова" not in text
    assert "Петров" not in text


def test_a_workbook_and_a_csv_file_import_to_identical_rows(url: str, tmp_path: Path) -> None:
    rows = [
        EXAMPLE_ROW,
        export_row("102", {"ФЗ": "59-ФЗ", "Источник": "Мобильное приложение", "Факт": "-"}),
        export_row("103", {"Верхнеуровневый ЛКО": "Калининградская область", "Тип решения": "Разъяснено"}),
        {**export_row("104"), **OPEN_CELLS, "Дата планируемого завершения": "-"},
    ]
    assert len(rows[0]) == 25
    files = [
        write_csv(tmp_path / "bom.csv", rows),
        write_csv(tmp_path / "plain.csv", rows, "utf-8"),
        write_csv(tmp_path / "old.csv", rows, "windows-1251"),
        write_csv(tmp_path / "wide.csv", rows, "utf-16"),
        write_csv(tmp_path / "unmarked.csv", rows, "utf-16-be"),
    ]
    assert run_import(url, write_xlsx(tmp_path / "pos.xlsx", rows)).exit_code == 0
    before = table_contents(url)
    assert len(before["appeal"]) == 4
    for file in files:
        result = run_import(url, file)
        assert result.stdout == f"{file.name}: 4 rows; 0 new, 0 changed, 4 unchanged, 0 rejected.\n"
        assert table_contents(url) == before


@pytest.mark.parametrize(
    "name",
    [
        "Ханты-Мансийский автономный округ — Югра",
        "ханты–мансийский  автономный округ «Югра»",
        "Югра",
        "Ханты-Мансийский АО",
        "RU-KHM",
    ],
)
def test_a_region_is_found_under_its_spellings(url: str, tmp_path: Path, name: str) -> None:
    assert run_import(url, write_csv(tmp_path / "a.csv", [{**EXAMPLE_ROW, "Верхнеуровневый ЛКО": name}])).exit_code == 0
    assert query_rows(url, "SELECT region FROM report.appeals") == [("RU-KHM",)]


def test_existing_topics_and_organisations_are_found_by_name(url: str, tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", [EXAMPLE_ROW])
    assert run_import(url, first).exit_code == 0
    before = table_contents(url)
    again = export_row(
        "102", {"Категория": " дороги", "Организация, в которой находится": "Администрация  города «Сургута»"}
    )
    assert run_import(url, write_csv(tmp_path / "b.csv", [again])).exit_code == 0
    after = table_contents(url)
    assert [after[name] for name in ("topic", "organisation")] == [before[name] for name in ("topic", "organisation")]


def test_a_dry_run_reports_and_changes_nothing(url: str, tmp_path: Path) -> None:
    before = table_contents(url)
    file = write_csv(tmp_path / "a.csv", [EXAMPLE_ROW, export_row("102", {"Статус": "Съедено"})])
    result = run_import(url, file, "pos", "--dry-run")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.csv: 2 rows; 1 new, 0 changed, 0 unchanged, 1 rejected.",
        "  1 × an unknown value: “Съедено” in the column “Статус” (1)",
        "  line 3: an unknown value: “Съедено” in the column “Статус”",
        "Nothing was changed: this was a dry run.",
    ]
    assert table_contents(url) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_progress_reaches_the_end(url: str, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    file = write_csv(tmp_path / "a.csv", [export_row(str(number)) for number in range(2500)])
    import_file(url, file, "pos", progress=lambda *step: steps.append(step))
    size = file.stat().st_size
    assert [step[0] for step in steps] == ["Reading", "Reading", "Writing", "Writing"]
    assert steps[0][1] < size
    assert steps[1:] == [("Reading", size, size), ("Writing", 0, 1), ("Writing", 1, 1)]


def test_a_file_name_need_not_be_text(url: str, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv"))
    write_csv(path, [EXAMPLE_ROW])
    assert import_file(url, path, "pos").format_lines() == [
        "\ufffd.csv: 1 row; 1 new, 0 changed, 0 unchanged, 0 rejected."
    ]
