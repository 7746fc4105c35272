"""`otklik bench import`: the file is what it says, all of it is imported, and the table has a line for each import."""

import csv
from pathlib import Path

import pytest

from otklik.benchmark.import_cost import import_cost_table, measure_import, write_appeals
from otklik.progress import ignore_progress


def test_all_rows_are_imported_in_a_process_of_its_own(url: str, tmp_path: Path) -> None:
    file, mapping = write_appeals(tmp_path, 400)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["id"] for row in rows}) == 400
    assert sum(row["closed"] == "" for row in rows) == 100
    assert any(row["closed"] > row["due"] for row in rows)
    cost = measure_import(url, file, mapping)
    assert cost.rows == 400
    assert 0 < cost.first_mb <= cost.most_mb


@pytest.mark.slow
def test_a_size_has_a_line_for_the_first_import_and_one_for_the_next(url: str) -> None:
    _head, _rule, *lines = import_cost_table(url, (50,), ignore_progress)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[:2] for row in cells] == [["50", "first"], ["50", "again"]]
