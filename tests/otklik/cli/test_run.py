"""`otklik run` and its neighbours, as processes: start, stop, crash."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.servers.databases import shared_temp_folder
from tests.support.servers.running_app import RunningApp, is_healthy, process_environment, run_otklik, running_app
from tests.support.waiting import wait_for

pytestmark = pytest.mark.second_server


@pytest.fixture(scope="module")
def filled_folder() -> Iterator[Path]:
    """A data folder with a few demo appeals."""
    with shared_temp_folder() as folder:
        result = run_otklik("demo", "--appeals", "500", data=folder / "data")
        assert result.returncode == 0, result.stderr
        yield folder / "data"


def processes_of(data: Path) -> list[str]:
    """The processes of a data folder: launcher, server and screens."""
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            description = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:  # ended meanwhile, or somebody else's
            continue
        if str(data).encode() in description and int(process.name) != os.getpid():
            commands.append(description.partition(b"\0\0")[0].replace(b"\0", b" ").decode(errors="replace")[:60])
    return commands


def appeal_count(app: RunningApp) -> int:
    with psycopg.connect(app.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM appeal").fetchone()
        assert row
        return int(row[0])


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end_and_leaves_nothing_behind(filled_folder: Path, end: signal.Signals) -> None:
    with running_app(filled_folder) as app:
        assert appeal_count(app) > 0
        assert len(processes_of(filled_folder)) >= 3
        app.process.send_signal(end)
        assert app.process.wait(timeout=30) == 0
        assert not is_healthy(app.url)
        assert processes_of(filled_folder) == []


def test_kill_9_leaves_nothing_behind_and_the_next_start_works(filled_folder: Path) -> None:
    with running_app(filled_folder) as app:
        before = appeal_count(app)
        app.process.kill()
        wait_for(lambda: not processes_of(filled_folder), "every process to end")
    with running_app(filled_folder) as app:
        assert appeal_count(app) == before


def test_screens_that_are_killed_come_back_and_the_database_stays(filled_folder: Path) -> None:
    with running_app(filled_folder) as app, psycopg.connect(app.database_url) as connection:
        (screens,) = [
            int(process.name)
            for process in Path("/proc").glob("[0-9]*")
            if f"--server.port={app.url.rpartition(':')[2]}".encode() in _command(process)
        ]
        os.kill(screens, signal.SIGKILL)
        wait_for(lambda: not is_healthy(app.url), "the screens to end")
        wait_for(lambda: is_healthy(app.url), "the screens' return")
        assert connection.execute("SELECT 1").fetchone() == (1,)
        log = app.log.read_text()
        assert log.count("The screens ended by themselves (exit code -9) and are started again.") == 1
        wait_for(lambda: "The screens answer again." in app.log.read_text(), "the message")


def test_a_server_killed_under_the_screens_comes_back(filled_folder: Path) -> None:
    with running_app(filled_folder) as app:
        before = appeal_count(app)
        pid = int((filled_folder / "postgresql" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: _answered(app) == before, "the server's return")
        assert is_healthy(app.url)


def test_a_second_one_shares_the_server_and_takes_it_over_when_the_first_is_killed(filled_folder: Path) -> None:
    with running_app(filled_folder) as first, running_app(filled_folder) as second:
        before = appeal_count(second)
        first.process.kill()
        wait_for(lambda: not is_healthy(first.url), "the first one's screens to end")
        wait_for(lambda: _answered(second) == before, "the server's return")
        assert is_healthy(second.url)


def test_other_commands_join_the_running_server_and_leave_it(filled_folder: Path) -> None:
    with running_app(filled_folder) as app:
        result = run_otklik("sql", "SELECT count(*) AS n FROM report.appeals", data=filled_folder)
        assert (result.stdout, result.stderr) == (f"n\n{appeal_count(app)}\n", "")
        assert run_otklik("url", data=filled_folder).stdout.strip() == app.database_url
        # In a shell without the server's PORT.
        link = run_otklik("device", "enrol", "Hall", "--everywhere", "--reason", "new", data=filled_folder).stdout
        assert link.startswith(f"{app.url}/screen?device=")
        assert is_healthy(app.url)


def test_without_a_running_server_a_command_starts_and_stops_its_own(filled_folder: Path) -> None:
    result = run_otklik("sql", "SELECT count(*) > 0 AS filled FROM report.appeals", data=filled_folder)
    assert (result.stdout, result.stderr) == ("filled\nt\n", "")
    assert processes_of(filled_folder) == []


def test_a_port_that_is_taken_is_a_sentence_and_starts_nothing(filled_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run_otklik("run", data=filled_folder, PORT=str(port))
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: Port {port} can't be used (Address already in use)")


def test_a_server_of_ones_own_isnt_shown_to_everybody(filled_folder: Path) -> None:
    result = run_otklik("run", data=filled_folder, DATABASE_URL="postgresql://otklik@127.0.0.1/otklik")
    assert result.returncode == 1
    assert "no one could sign in" in result.stderr
    assert "DATABASE_URL" not in process_environment(filled_folder)


def _answered(app: RunningApp) -> int | None:
    try:
        return appeal_count(app)
    except psycopg.OperationalError:
        return None


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # ended meanwhile
        return b""
