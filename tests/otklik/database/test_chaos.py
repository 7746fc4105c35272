"""Eight people hand the same appeals on while the database is killed twice: nothing is lost, doubled or in two hands.

`python -m tests.support.servers.chaos --seconds 60` does so for longer.
"""

import subprocess
import sys

import pytest

from tests.support.paths import PROJECT_ROOT

pytestmark = pytest.mark.second_server


def test_all_agrees_after_the_database_was_killed_twice() -> None:
    command = [sys.executable, "-m", "tests.support.servers.chaos", "--seconds", "9"]
    changes = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert changes.returncode == 0, changes.stdout + changes.stderr
    assert "(SIGKILL)" in changes.stdout
    assert "(SIGQUIT)" in changes.stdout
    assert changes.stdout.endswith("Appeals, history, what people were told, cubes and audit agree.\n")
