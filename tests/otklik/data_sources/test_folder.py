"""A folder as a data source: each file once, by its content, and whole."""

import gzip
import shutil
import threading
from pathlib import Path

import pytest

from otklik.data_sources.kinds import folder as folder_kind
from tests.support.imports.data_sources import recorded_runs, run_source
from tests.support.imports.export_files import query_rows, run_import
from tests.support.imports.service_requests import appeal_rows, service_request, service_requests, write_requests

COUNT = "SELECT count(*) FROM appeal"


@pytest.fixture(autouse=True)
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.data_sources.kinds.readers.SETTLE_SECONDS", 0.02)


@pytest.fixture
def inbox(url: str, tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    path.mkdir()
    result = run_source(
        url, tmp_path, "add", "folder", "city", str(path), "--mapping", "boston311", "--interval", "30s"
    )
    assert result.exit_code == 0, result.output
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_each_file_is_imported_once_and_moved(url: str, tmp_path: Path, inbox: Path) -> None:
    rows = service_requests(60)
    shutil.move(write_requests(tmp_path / "january.csv", rows[:40]), inbox)
    packed = write_requests(tmp_path / "february.csv", rows[30:])
    (inbox / "february.csv.gz").write_bytes(gzip.compress(packed.read_bytes()))
    write_requests(inbox / ".hidden.csv", rows)
    write_requests(inbox / "half.csv.part", rows)
    (inbox / "link.csv").symlink_to(packed)
    assert "3 files in it" not in run_source(url, tmp_path, "test", "city").stdout
    result = run_source(url, tmp_path, "run", "city")
    assert (result.exit_code, result.stdout) == (0, "70 rows read; 60 new, 0 changed, 10 unchanged, 0 rejected.\n")
    assert names(inbox) == [".hidden.csv", "half.csv.part", "link.csv"]
    assert names(inbox / "done") == ["february.csv.gz", "january.csv"]

    # The same content under another name, and another content under the same name.
    write_requests(inbox / "again.csv", rows[:40])
    write_requests(inbox / "january.csv", [service_request(2, {"case_title": "Changed"}), service_request(61)])
    result = run_source(url, tmp_path, "run", "city")
    assert result.stdout == "2 rows read; 1 new, 1 changed, 0 unchanged, 0 rejected.\n"
    assert names(inbox / "done") == ["2-january.csv", "again.csv", "february.csv.gz", "january.csv"]
    assert recorded_runs(url) == [(70, 60, 0, 0, ""), (2, 1, 1, 0, "")]
    assert query_rows(url, "SELECT DISTINCT reason FROM event WHERE kind = 'imported'") == [("january.csv",)]

    # As a plain import leaves them.
    came_in = appeal_rows(url)
    rows = [*rows, service_request(61)]
    rows[1] = service_request(2, {"case_title": "Changed"})
    result = run_import(url, write_requests(tmp_path / "all.csv", rows), "boston311")
    assert "0 new, 0 changed, 61 unchanged" in result.stdout
    assert len(came_in) == 61


def test_what_cannot_be_used_is_rejected_with_a_sentence(url: str, tmp_path: Path, inbox: Path) -> None:
    (inbox / "letter.csv").write_text("Dear all,\nplease\n")
    bad = service_request(2, {"case_status": "Lost", "closed_dt": ""})
    write_requests(inbox / "mixed.csv", [service_request(1), bad])
    result = run_source(url, tmp_path, "run", "city")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1,
        "3 rows read; 1 new, 0 changed, 0 unchanged, 2 rejected.",
    )
    assert "  1 × an unknown value: “Lost” in the column “case_status”" in result.stdout
    assert names(inbox / "rejected") == ["letter.csv", "letter.csv.txt", "mixed.csv.rejected.csv", "mixed.csv.txt"]
    assert (inbox / "rejected" / "letter.csv.txt").read_text().startswith("letter.csv has no column “case_enquiry_id”")
    assert "an unknown value" in (inbox / "rejected" / "mixed.csv.rejected.csv").read_text()
    assert names(inbox / "done") == ["mixed.csv"]
    assert names(inbox) == []


def test_a_file_that_is_being_written_waits(
    url: str, tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_requests(inbox / "slow.csv", service_requests(3))
    whole = file.read_bytes()

    def write_on(_event: threading.Event, _seconds: float | None = None) -> bool:
        with file.open("ab") as stream:
            stream.write(b"\n")
        return False

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", write_on)
        assert run_source(url, tmp_path, "run", "city").stdout.startswith("0 rows read")
    # Written to between the look at it and the commit.
    file.write_bytes(whole)
    read_state, looks = folder_kind._file_state, iter(range(9))  # noqa: SLF001 - the seam between look and commit

    def changing_state(path: Path) -> folder_kind._FileState:
        state = read_state(path)
        return folder_kind._FileState(state.size, state.changed_ns + (next(looks) >= 2), state.inode)  # noqa: SLF001

    with monkeypatch.context() as patch:
        patch.setattr(folder_kind, "_file_state", changing_state)
        assert run_source(url, tmp_path, "run", "city").stdout.startswith("0 rows read")
    assert query_rows(url, COUNT) == [(0,)]
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("3 rows read; 3 new")


def test_an_interruption_after_the_commit_doubles_nothing(
    url: str, tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_requests(inbox / "one.csv", service_requests(5))

    def kill(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", kill)
        assert run_source(url, tmp_path, "run", "city").exit_code == 1
    assert (query_rows(url, COUNT), names(inbox)) == ([(5,)], ["one.csv"])
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("0 rows read")
    assert names(inbox / "done") == ["one.csv"]
    interrupted = "The run was interrupted before its end; the next one goes on from where it was."
    assert recorded_runs(url) == [(0, 0, 0, 0, interrupted)]
    assert query_rows(url, "SELECT count(*) FROM event") == [(5,)]


def test_a_folder_that_went_away_fails_in_a_sentence_and_comes_back(url: str, tmp_path: Path, inbox: Path) -> None:
    inbox.rename(tmp_path / "elsewhere")
    result = run_source(url, tmp_path, "run", "city")
    sentence = f"The folder {inbox} can't be used (No such file or directory): expected one that Otklik may write to."
    assert (result.exit_code, result.stderr) == (1, f"Error: {sentence}\n")
    state = "SELECT failure_count, error, next_run_at > now() + interval '25 s', running_since FROM data_source"
    assert query_rows(url, state) == [(1, sentence, True, None)]
    assert run_source(url, tmp_path, "run", "city").exit_code == 1
    assert query_rows(url, state)[0][0] == 2
    assert "failed 2×" in run_source(url, tmp_path, "list").stdout
    (tmp_path / "elsewhere").rename(inbox)
    assert run_source(url, tmp_path, "run", "city").exit_code == 0
    assert query_rows(url, state) == [(0, "", True, None)]
