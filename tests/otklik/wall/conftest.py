"""Boards of the wall, which belong to an event loop, of which each test has its own."""

from collections.abc import Iterator

import pytest

from otklik.wall import board as board_module
from otklik.wall import changes, routes
from otklik.wall.admissions import Admissions
from otklik.wall.boards import Boards


@pytest.fixture
def fresh_boards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No boards yet, which don't rest between two builds; what asks again after a time never does."""
    boards = Boards()
    monkeypatch.setattr(routes, "boards", boards)
    monkeypatch.setattr(routes, "admissions", Admissions())
    monkeypatch.setattr(board_module, "MIN_INTERVAL_SECONDS", 0.0)
    # What a change of people or devices doesn't tell, no test waits for.
    monkeypatch.setattr(changes, "RECHECK_SECONDS", 10.0**6)
    yield
    # A build that goes on would leave results of this test's rows in the cache, for the next test to find.
    boards._executor.shutdown()  # noqa: SLF001 -- a server never closes its boards
