"""`otklik import --check`: everything that isn't understood in a file, at once, and nothing is written."""

from pathlib import Path

from tests.support.imports.export_files import (
    EXAMPLE_ROW,
    OPEN_CELLS,
    export_row,
    run_import,
    table_contents,
    write_csv,
)


def test_every_unknown_word_region_and_shape_of_dates_is_listed_at_once(url: str, tmp_path: Path) -> None:
    rows = [
        EXAMPLE_ROW,
        export_row("102", {"Статус": "Съедено", "Верхнеуровневый ЛКО": "Атлантида", "Источник": "Голубь"}),
        export_row("103", {"Статус": "Съедено", "Дата поступления": "6 января 2026", "Тип решения": "Чудо"}),
        export_row("104", {"Дата поступления": "13.13.2026", "Оценка ответа заявителем": "6"}),
        {**export_row("105"), **OPEN_CELLS, "Дата поступления": "06.01.2026 10:05"},
    ]
    before = table_contents(url)
    result = run_import(url, write_csv(tmp_path / "a.csv", rows), "pos", "--check")
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            "a.csv: 5 rows; 2 can be imported, 3 would be rejected.",
            "  2 × an unreadable date",
            "  1 × an unknown region",
            "status: 1 unknown value",
            "  2 × “Съедено” in the column “Статус”",
            "channel: 1 unknown value",
            "  1 × “Голубь” in the column “Источник”",
            "region: 1 unknown value",
            "  1 × “Атлантида”",
            "outcome: 1 unknown value",
            "  1 × “Чудо” in the column “Тип решения”",
            "rating: 1 unknown value",
            "  1 × “6”",
            "received_at: 3 shapes of dates",
            "  3 × 99.99.9999, such as “13.13.2026”; 1 can't be read",
            "  1 × 9 a 9999, such as “6 января 2026”; 1 can't be read",
            "  1 × 99.99.9999 99:99, such as “06.01.2026 10:05”",
            "deadline_at: 1 shape of dates",
            "  5 × 99.99.9999, such as “16.01.2026”",
            "closed_at: 1 shape of dates",
            "  4 × 99.99.9999, such as “15.01.2026”",
            "Nothing was changed: this was a check.",
        ],
    )
    assert table_contents(url) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_can_be_imported_has_no_unknown_values(url: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [EXAMPLE_ROW])
    result = run_import(url, path, "pos", "--check")
    assert result.exit_code == 0
    assert "unknown" not in result.stdout
    assert result.stdout.startswith("a.csv: 1 row; 1 can be imported, 0 would be rejected.\n")
    path.write_text("Номер\n", "utf-8")
    result = run_import(url, path, "pos", "--check")
    assert (result.exit_code, result.stdout) == (2, "")
