"""Eight people hand the same appeals on while the database is killed twice: nothing is lost, doubled or in two hands.

`python -m tests.support.chaos --seconds 60` does so for longer.
"""

import subprocess
import sys

from tests.support.paths import PROJECT_ROOT


def test_all_agrees_after_the_database_was_killed_twice() -> None:
    command = [sys.executable, "-m", "tests.support.chaos", "--seconds", "9"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(SIGKILL)" in done.stdout
    assert "(SIGQUIT)" in done.stdout
    assert done.stdout.endswith("Appeals, history, what people were told, cubes and audit agree.\n")
