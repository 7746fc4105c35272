"""`otklik backup` and `otklik restore`, as the operator types them."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from otklik.cli.main import otklik
from tests.support import factories
from tests.support.servers.databases import empty_database


def run(url: str, data: Path, *words: str | Path, **environ: str) -> Result:
    environment = {"DATABASE_URL": url, "OTKLIK_DATA": str(data), **environ}
    return CliRunner(env=environment).invoke(otklik, [str(word) for word in words])


def test_a_backup_from_the_first_word_to_the_last(url: str, connection: Connection, tmp_path: Path) -> None:
    factories.appeal(connection)
    file = tmp_path / "otklik.backup"
    made = run(url, tmp_path / "data", "backup", file, OTKLIK_CONTACT="the help desk", OTKLIK_CITIZEN_PAGE="yes")
    assert made.exit_code == 0, made.output
    assert re.fullmatch(rf"{file}: [\d.]+ MB, \d+ rows and 0 files as of \d{{4}}-.* UTC\.\n", made.stdout)
    again = run(url, tmp_path / "data", "backup", file)
    assert (again.exit_code, again.stderr) == (
        1,
        f"Error: {file} exists already: name another file; a backup replaces none.\n",
    )
    refused = run(url, tmp_path / "data", "restore", file)
    assert refused.exit_code == 1
    assert "Error: The database isn't empty, and a backup replaces nothing" in refused.stderr
    with empty_database() as new_url:
        restored = run(new_url, tmp_path / "new", "restore", file, OTKLIK_CITIZEN_PAGE="yes")
    assert restored.exit_code == 0, restored.output
    first, note, *verified = restored.stdout.splitlines()
    assert re.fullmatch(r"Restored \d+ rows and 0 files as of \d{4}-.* UTC\.", first)
    assert note == "Set where it was backed up, and not here: OTKLIK_CONTACT."
    assert verified == [
        "Every table has its rows, and every cell of every cube agrees with the appeals, votes and comments.",
        "All 0 entries of the audit follow from one another.",
    ]
    stages = ["Checking the file", "Restoring the database", "Preparing the database", "Counting everything again"]
    assert restored.stderr.splitlines() == [f"{stage} …" for stage in stages]


def test_what_is_wrong_after_all_is_said_and_ends_with_1(
    url: str, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.appeal(connection)
    connection.exec_driver_sql("UPDATE fact_fresh SET received = received + 1")
    file = tmp_path / "otklik.backup"
    assert run(url, tmp_path / "data", "backup", file).exit_code == 0
    monkeypatch.setattr("otklik.backup.restore.count_differences", lambda *_: ["The table public.topic is missing."])
    with empty_database() as new_url:
        restored = run(new_url, tmp_path / "new", "restore", file)
    assert restored.exit_code == 1
    missing, differing = restored.stderr.splitlines()[-2:]
    assert missing == "The table public.topic is missing."
    assert re.fullmatch(r"\d+ cells of cubes differ from the appeals: see `otklik verify`\.", differing)


def test_an_embedded_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    result = run("", tmp_path / "data", "backup", tmp_path / "otklik.backup")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: There is no database in {tmp_path / 'data'}: set OTKLIK_DATA to its folder.\n",
    )
    nothing = run("", tmp_path / "data", "restore", tmp_path / "otklik.backup")
    assert (nothing.exit_code, nothing.stderr) == (1, f"Error: There is no file {tmp_path / 'otklik.backup'}.\n")
    assert list(tmp_path.iterdir()) == []
