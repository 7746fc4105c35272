"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.1
"""Seconds between two looks, of which one at a page in a browser takes a hundredth: longer ones after a while."""

PATIENCE_SECONDS = 120
"""How long a test waits before it gives up: a cold start on a busy machine. No test is about speed."""
SCRIPT_SECONDS = 60
"""How long a script may run under AppTest, whose 3 s a busy machine passes: a test isn't about its speed."""


def wait_for(condition: Callable[[], T], description: str, seconds: float = PATIENCE_SECONDS) -> T:
    """The first true answer; fails with `description` when the seconds pass without one."""
    timeout_at = time.monotonic() + seconds
    timer, pause = Event(), FIRST_PAUSE
    while not (value := condition()):
        assert time.monotonic() < timeout_at, f"waited {seconds} s for {description}"
        timer.wait(pause)
        pause = min(1.5 * pause, LONGEST_PAUSE)
    return value
