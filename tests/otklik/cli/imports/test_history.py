"""`otklik imports`: which file brought what, and taking one back."""

from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from otklik.cli.main import otklik
from tests.support.imports.export_files import query_rows, run_import, table_contents
from tests.support.imports.service_requests import service_request, service_requests, write_requests

COUNTS = "SELECT count(*) FROM appeal"


def run(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["imports", *words])


def undo(url: str, number: int) -> Result:
    return run(url, "undo", str(number), "--reason", "the wrong file")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A file of 30 appeals, and a later one that changes the third and adds two."""
    rows = service_requests(30)
    newer = [service_request(3, {"case_title": "Changed", "type": "Another"}), *service_requests(32)[30:]]
    return write_requests(tmp_path / "first.csv", rows), write_requests(tmp_path / "second.csv", newer)


def test_files_that_brought_something_are_listed(url: str, files: tuple[Path, Path]) -> None:
    assert run(url, "list").stdout == "No file has brought anything yet.\n"
    for file in (*files, files[1]):
        run_import(url, file, "boston311")
    lines = [line.split() for line in run(url, "list").stdout.splitlines()]
    assert [(line[0], line[3], line[4:]) for line in lines[-2:]] == [
        ("2", "second.csv", ["boston311", "2", "1", "0"]),
        ("1", "first.csv", ["boston311", "30", "0", "0"]),
    ]


def test_a_file_is_taken_back_but_for_what_was_touched_since(url: str, files: tuple[Path, Path]) -> None:
    run_import(url, files[0], "boston311")
    before = query_rows(url, "SELECT number, topic_id, updated_at FROM appeal ORDER BY number")
    run_import(url, files[1], "boston311")
    result = undo(url, 2)
    assert result.stdout == "second.csv: 2 appeals removed.\nWhat it changed of 1 appeal stays as it is.\n"
    after = query_rows(url, "SELECT number, topic_id, updated_at FROM appeal ORDER BY number")
    assert [row for row in after if row not in before] == [row for row in after if row[0] == after[2][0]]
    result = undo(url, 1)
    assert result.stdout == (
        "first.csv: 29 appeals removed.\n"
        "Not removed: 1 appeal, to which people or later files have done something since.\n"
    )
    assert query_rows(url, COUNTS) == [(1,)]
    verified = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["verify"])
    assert verified.exit_code == 0, verified.output
    assert run(url, "list").stdout.count("undone") == 2
    audit_rows = query_rows(url, "SELECT action, object, reason, after->>'removed' FROM audit ORDER BY id")
    assert audit_rows == [
        ("import undone", "import 2", "the wrong file", "2"),
        ("import undone", "import 1", "the wrong file", "29"),
    ]
    # What was taken back can come again.
    assert "29 new, 1 changed" in run_import(url, files[0], "boston311").stdout
    assert query_rows(url, COUNTS) == [(30,)]


def test_an_appeal_that_somebody_noted_something_on_stays(url: str, files: tuple[Path, Path]) -> None:
    run_import(url, files[0], "boston311")
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO event (region_id, appeal_id, kind, actor, reason)"
            " SELECT region_id, id, 'note', 'Anna', 'called back' FROM appeal ORDER BY number LIMIT 1"
        )
    assert "29 appeals removed.\nNot removed: 1 appeal," in undo(url, 1).stdout


def test_an_undo_that_cannot_be_changes_nothing(url: str, files: tuple[Path, Path]) -> None:
    run_import(url, files[0], "boston311")
    before = table_contents(url)
    result = undo(url, 7)
    assert (result.exit_code, result.stderr) == (
        1, "Error: There is no import 7: `otklik imports list` prints those that there are.\n",
    )  # fmt: skip
    assert undo(url, 0).exit_code == run(url, "undo", "1").exit_code == 2
    assert table_contents(url) == before
    undo(url, 1)
    assert "was undone at" in undo(url, 1).stderr


def test_a_dry_run_is_no_import(url: str, files: tuple[Path, Path]) -> None:
    run_import(url, files[0], "boston311", "--dry-run")
    assert query_rows(url, "SELECT count(*) FROM file_import") == [(0,)]
