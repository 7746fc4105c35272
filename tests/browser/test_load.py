"""`otklik load` speaks with a real server: its viewers are painted, and see the changes that it makes."""

import re

from tests.support.servers.running_app import RunningApp, run_otklik


def test_viewers_of_the_overview_are_painted_and_see_a_marked_change(app: RunningApp) -> None:
    result = run_otklik("load", "--viewers", "3", "--seconds", "15", "--rate", "0.1", data=app.data)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "| viewers, painted | 3, 3 |" in result.stdout
    assert re.search(r"\| changes seen, not seen \| [1-9]\d*, 0 \|", result.stdout), result.stdout
    assert re.search(r"\| server: cores while they arrived, after that \| \d\.\d\d", result.stdout), result.stdout
