"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")


def wait_for(answer: Callable[[], T], what: str, seconds: float = 20) -> T:
    """The first true answer; fails with `what` when the seconds pass without one."""
    deadline = time.monotonic() + seconds
    never = Event()
    while not (found := answer()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        never.wait(0.02)
    return found
