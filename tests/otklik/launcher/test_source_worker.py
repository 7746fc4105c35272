"""Data sources run by themselves: those that are due, each by itself, in a process that starts again."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from otklik.data_sources.kinds.folder import FolderReader
from otklik.data_sources.source_run import SourceRun
from otklik.launcher.lasting_failures import LastingFailures
from otklik.launcher.source_process import SourceProcess
from otklik.launcher.source_worker import SourceWorker
from tests.support.imports.data_sources import recorded_runs, run_source
from tests.support.imports.export_files import execute_statement, query_rows
from tests.support.imports.service_requests import service_request, service_requests, write_requests
from tests.support.waiting import wait_for

COUNT = "SELECT count(*) FROM appeal"


def add_folder(url: str, tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    words = ("add", "folder", name, str(folder), "--mapping", "boston311", "--interval", "1s")
    assert run_source(url, tmp_path, *words).exit_code == 0
    return folder


@contextmanager
def running_worker(url: str, data: Path) -> Iterator[SourceWorker]:
    worker = SourceWorker(url, data)
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield worker
    worker.stopped.set()
    thread.join()


def test_a_data_source_that_hangs_or_fails_keeps_no_other_from_running(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: add_folder(url, tmp_path, name) for name in ("good", "hanging", "failing", "paused")}
    folders["failing"].rmdir()
    run_source(url, tmp_path, "pause", "paused")
    hangs, read = threading.Event(), FolderReader.read

    def read_or_hang(reader: FolderReader, run: SourceRun) -> None:
        if run.source.name == "hanging":
            hangs.set()
            run.stopped.wait()
        else:
            read(reader, run)

    monkeypatch.setattr(FolderReader, "read", read_or_hang)
    monkeypatch.setattr("otklik.data_sources.kinds.readers.SETTLE_SECONDS", 0.02)
    with running_worker(url, tmp_path):
        wait_for(hangs.is_set, "the data source that hangs to begin")
        write_requests(folders["good"] / "one.csv", service_requests(3))
        wait_for(lambda: query_rows(url, COUNT) == [(3,)], "the first file")
        write_requests(folders["good"] / "two.csv", [service_request(4)])
        wait_for(lambda: query_rows(url, COUNT) == [(4,)], "the second file")
        states = "SELECT name, running_since IS NOT NULL, failure_count > 0 FROM data_source WHERE name <> 'good'"
        wait_for(
            lambda: (
                sorted(query_rows(url, states))
                == [("failing", False, True), ("hanging", True, False), ("paused", False, False)]
            ),
            "the others",
        )
        folders["failing"].mkdir()
        execute_statement(url, "UPDATE data_source SET next_run_at = now()")
        wait_for(
            lambda: query_rows(url, "SELECT count(*) FROM data_source WHERE failure_count > 0") == [(0,)], "it to work"
        )
    assert [run[1] for run in recorded_runs(url) if not run[4]] == [3, 1, 0]


def test_the_worker_ends_where_a_run_hangs_for_too_long(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_folder(url, tmp_path, "city")
    released = threading.Event()
    monkeypatch.setattr(FolderReader, "read", lambda _reader, _run: released.wait())
    monkeypatch.setattr("otklik.launcher.source_worker.MAX_RUN_SECONDS", 0.1)
    monkeypatch.setattr("otklik.launcher.source_worker.STOP_SECONDS", 0.1)
    worker = SourceWorker(url, tmp_path)
    worker.run()
    assert "hangs: all of them are started again" in capsys.readouterr().err
    released.set()
    wait_for(lambda: not query_rows(url, "SELECT FROM data_source WHERE running_since IS NOT NULL"), "its end")


@pytest.mark.second_server
def test_the_process_is_there_while_it_is_needed_and_comes_back_after_a_kill(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.launcher.source_process.RESTART_SECONDS", 0.1)
    worker_pid = (
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'otklik sources' AND datname = current_database()"
    )
    with SourceProcess(url, tmp_path, LastingFailures()) as process:

        def is_running() -> bool:
            process.look(url)
            process.ensure_running()
            return bool(query_rows(url, worker_pid))

        assert not is_running()
        folder = add_folder(url, tmp_path, "city")
        wait_for(is_running, "the process")
        write_requests(folder / "one.csv", service_requests(3))
        wait_for(lambda: query_rows(url, COUNT) == [(3,)], "the file")
        assert process._process  # noqa: SLF001 - the one to kill
        os.kill(process._process.pid, signal.SIGKILL)  # noqa: SLF001
        wait_for(lambda: not query_rows(url, worker_pid), "its end")
        write_requests(folder / "two.csv", [service_request(4)])
        wait_for(is_running, "the process again")
        wait_for(lambda: query_rows(url, COUNT) == [(4,)], "the second file")
        run_source(url, tmp_path, "pause", "city")
        wait_for(lambda: not is_running(), "its end")


def test_silence_is_measured_by_what_is_usual(url: str, tmp_path: Path) -> None:
    add_folder(url, tmp_path, "city")
    with psycopg.connect(url) as connection:
        # Every ten minutes for a day, but once after five hours, which is rarer than one time in twenty.
        connection.execute(
            """INSERT INTO data_source_run (data_source_id, started_at, ended_at, read_count, new_count, changed_count,
                rejected_count)
            SELECT id, at, at, 1, 1, 0, 0 FROM data_source, generate_series(
                now() - interval '1 day', now(), interval '10 minutes') AS at
            WHERE at NOT BETWEEN now() - interval '10 hours' AND now() - interval '5 hours'"""
        )
    assert run_source(url, tmp_path, "run", "city").exit_code == 0
    assert query_rows(url, "SELECT silent_after::text FROM data_source") == [("01:00:00",)]
    execute_statement(url, "UPDATE data_source SET changed_at = now() - interval '59 minutes'")
    assert query_rows(url, "SELECT name FROM silent_data_source") == []
    execute_statement(url, "UPDATE data_source SET changed_at = now() - interval '61 minutes'")
    assert query_rows(url, "SELECT name, is_unreadable FROM silent_data_source") == [("city", False)]
    execute_statement(url, "UPDATE data_source SET failure_count = 4, read_at = now() - interval '11 minutes'")
    assert query_rows(url, "SELECT name, is_unreadable FROM silent_data_source") == [("city", True)]
    run_source(url, tmp_path, "pause", "city")
    assert query_rows(url, "SELECT name FROM silent_data_source") == []
