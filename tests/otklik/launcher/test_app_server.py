"""A server of the app that ends by itself."""

import sys

import pytest

from otklik.launcher.app_server import AppServer, AppServerFailed
from otklik.launcher.problems import Problems
from tests.support.databases import free_port
from tests.support.waiting import wait_for


@pytest.mark.parametrize(("ending", "exit_code"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", 137)])
def test_a_server_that_never_answered_ends_the_launcher_with_its_code(ending: str, exit_code: int) -> None:
    command = [sys.executable, "-c", f"import os, sys; {ending}"]
    app_server = AppServer(command, {}, f"http://127.0.0.1:{free_port()}", Problems())
    with app_server, pytest.raises(AppServerFailed) as failure:
        wait_for(app_server.ensure_running, "the screens to end")
    assert failure.value.exit_code == exit_code


def test_a_problem_is_said_once_until_it_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    problems = Problems()
    for _ in range(2):
        problems.report("database", "away")
        problems.report("database", "still away")
        problems.resolve("database", "back")
        problems.resolve("database", "back")
    assert capsys.readouterr().err == "away\nback\n" * 2
