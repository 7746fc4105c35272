"""A server of the app that ends by itself."""

import sys
from io import BytesIO
from pathlib import Path

import pytest

from otklik.launcher import app_server
from otklik.launcher.app_server import AppServer, AppServerFailed, announced_url, app_server_environ, running_app_url
from otklik.launcher.lasting_failures import LastingFailures
from otklik.settings import Settings
from tests.support.servers.databases import free_port
from tests.support.waiting import wait_for


@pytest.mark.parametrize(("ending", "exit_code"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", 137)])
def test_a_server_that_never_answered_ends_the_launcher_with_its_code(ending: str, exit_code: int) -> None:
    command = [sys.executable, "-c", f"import os, sys; {ending}"]
    app_server = AppServer(command, {}, f"http://127.0.0.1:{free_port()}", LastingFailures())
    with app_server, pytest.raises(AppServerFailed) as failure:
        wait_for(app_server.ensure_running, "the screens to end")
    assert failure.value.exit_code == exit_code


def test_a_problem_is_said_once_until_it_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    failures = LastingFailures()
    for _ in range(2):
        failures.report("database", "away")
        failures.report("database", "still away")
        failures.resolve("database", "back")
        failures.resolve("database", "back")
    assert capsys.readouterr().err == "away\nback\n" * 2


@pytest.mark.parametrize(("answer_seconds", "is_found"), [(3, True), (60, False)])
def test_busy_screens_are_found_at_the_address_that_they_noted(
    answer_seconds: float,
    is_found: bool,  # noqa: FBT001 -- pytest hands it over
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def urlopen(_url: str, timeout: float) -> BytesIO:
        if timeout < answer_seconds:
            raise TimeoutError
        return BytesIO()

    monkeypatch.setattr(app_server, "urlopen", urlopen)
    with announced_url(tmp_path, "http://127.0.0.1:8765"):
        assert running_app_url(tmp_path) == ("http://127.0.0.1:8765" if is_found else None)
    assert running_app_url(tmp_path) is None


def test_screens_multiply_matrices_in_one_thread_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    environ = app_server_environ(Settings(), "postgresql:///otklik", "secret", is_demo=False)
    assert (environ["OMP_NUM_THREADS"], environ["OPENBLAS_NUM_THREADS"]) == ("1", "2")
