"""What is counted beside a page: once for all who ask, kept, and counted anew while the last answer stands."""

from contextlib import nullcontext
from threading import Event

import pytest

from otklik.background import TIMEOUT_SECONDS, BackgroundResults
from otklik.database import scope
from otklik.database.transactions import statement_timeout
from otklik.errors import Counting
from tests.support.waiting import wait_for


def test_an_answer_that_is_quick_is_there_at_once() -> None:
    assert BackgroundResults().result("a", 1, lambda: 7, 30) == 7


def test_one_that_takes_longer_comes_when_asked_again_and_is_counted_once() -> None:
    beside, go, counted = BackgroundResults(), Event(), []

    def count() -> int:
        counted.append(1)
        go.wait(30)
        return 7

    for _ in range(3):
        with pytest.raises(Counting):
            beside.result("a", 1, count, 0)
    go.set()
    assert beside.result("a", 1, count, 30) == 7
    assert beside.result("a", 1, count, 0) == 7
    assert counted == [1]


def test_the_one_before_stands_while_it_is_counted_anew() -> None:
    beside, go = BackgroundResults(), Event()
    assert beside.result("a", 1, lambda: 7, 30) == 7
    assert beside.result("a", 2, lambda: go.wait(30) and 8, 0) == 7
    # The data changed once more: what is being counted is finished first.
    assert beside.result("a", 3, lambda: 9, 0) == 7
    go.set()
    assert beside.result("a", 2, lambda: 9, 30) == 8
    assert beside.result("a", 3, lambda: 9, 30) == 9


def test_who_waits_for_all_finds_all_counted() -> None:
    beside, go = BackgroundResults(), Event()
    with pytest.raises(Counting):
        beside.result("a", 1, lambda: go.wait(30) and 8, 0)
    go.set()
    beside.wait_for_all()
    assert beside.result("a", 1, lambda: 9, 0) == 8


def test_it_says_that_an_answer_came_which_somebody_did_not_wait_for() -> None:
    beside, go = BackgroundResults(), Event()
    assert beside.result("a", 1, lambda: 7, 30) == 7
    assert beside.late_version == 0
    for question in "ab":
        with pytest.raises(Counting) if question == "b" else nullcontext():
            beside.result(question, 2, lambda: go.wait(30) and 8, 0)
    assert beside.late_version == 0
    go.set()
    wait_for(lambda: beside.late_version == 2, "both answers to be told of")


def test_a_failure_is_told_once_and_counted_anew() -> None:
    beside = BackgroundResults()
    for error in (TimeoutError, ZeroDivisionError):

        def fail(error: type[Exception] = error) -> None:
            raise error

        with pytest.raises(error):
            beside.result("a", 1, fail, 30)
    assert beside.result("a", 1, lambda: 7, 30) == 7


def test_it_is_counted_for_who_asks_and_with_more_patience() -> None:
    with scope.acting_as(scope.Scope(3)):
        found = BackgroundResults().result("a", 1, lambda: (scope.current_scope(), statement_timeout.get()), 30)
    assert found == (scope.Scope(3), TIMEOUT_SECONDS)
