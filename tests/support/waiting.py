"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T], description: str, seconds: float = 20) -> T:
    """The first true answer; fails with `what` when the seconds pass without one."""
    timeout_at = time.monotonic() + seconds
    timer = Event()
    while not (value := condition()):
        assert time.monotonic() < timeout_at, f"waited {seconds} s for {description}"
        timer.wait(0.02)
    return value
