"""`otklik source`, as the operator types it."""

from pathlib import Path

import psycopg
import pytest

from tests.support.imports.data_sources import run_source
from tests.support.imports.export_files import query_rows
from tests.support.imports.service_requests import service_requests, write_requests


def test_a_data_source_from_first_to_last(url: str, tmp_path: Path) -> None:
    assert run_source(url, tmp_path, "list").stderr == "There is no data source: `otklik source add` adds one.\n"
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    add = ("add", "folder", "city", str(inbox), "--mapping", "boston311", "--interval", "5m")
    assert run_source(url, tmp_path, *add).exit_code == 0
    second = run_source(url, tmp_path, *add)
    assert (second.exit_code, second.stderr) == (1, "Error: There is a data source city already.\n")
    assert run_source(url, tmp_path, "test", "city").stdout == (
        f"The folder {inbox} can be read and written to; 0 files in it.\n"
    )
    assert run_source(url, tmp_path, "pause", "city", "--reason", "the city moves house").exit_code == 0
    line = run_source(url, tmp_path, "list").stdout.splitlines()[1]
    assert line.split() == ["city", "folder", "0:05:00", "paused", "never", "never"]
    # By hand it runs all the same.
    write_requests(inbox / "file.csv", service_requests(2))
    assert run_source(url, tmp_path, "run", "city").exit_code == 0
    assert run_source(url, tmp_path, "resume", "city").exit_code == 0
    assert "waiting" in run_source(url, tmp_path, "list").stdout
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, (SELECT id FROM data_source))", (0x0DA7_A503,))
        busy = run_source(url, tmp_path, "run", "city")
    assert (busy.exit_code, busy.stderr[:41]) == (1, "Error: city is being run by another proce")
    assert run_source(url, tmp_path, "remove", "city", "--reason", "over").exit_code == 0
    gone = run_source(url, tmp_path, "run", "city")
    assert gone.stderr == "Error: There is no data source city: `otklik source list` prints which there are.\n"
    assert run_source(url, tmp_path, *add).exit_code == 0
    assert query_rows(url, "SELECT action, object, reason FROM audit ORDER BY id") == [
        ("data source added", "data-source city", None),
        ("data source paused", "data-source city", "the city moves house"),
        ("data source resumed", "data-source city", None),
        ("data source removed", "data-source city", "over"),
        ("data source added", "data-source city", None),
    ]
    assert query_rows(url, "SELECT count(*) FROM data_source_run") == [(1,)]
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        connection.execute("DELETE FROM data_source_run")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("City", ".", "--mapping", "boston311"), "'City' is no name of a data source"),
        (("city", ".", "--mapping", "nowhere"), "There is no mapping"),
        (("city", ".", "--mapping", "boston311", "--interval", "0s"), "0s is no length of time"),
        (("city", ".", "--mapping", "boston311", "--interval", "often"), "often is no length of time"),
        (("city", "./nowhere", "--mapping", "boston311"), "does not exist"),
    ],
)
def test_a_wrong_word_is_refused_in_a_sentence(url: str, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    result = run_source(url, tmp_path, "add", "folder", *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert query_rows(url, "SELECT count(*) FROM data_source") == [(0,)]
