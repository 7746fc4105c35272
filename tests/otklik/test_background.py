"""Results computed in the background: once for all callers, cached, and served while the next is computed."""

from contextlib import nullcontext
from threading import Event

import pytest

from otklik.background import TIMEOUT_SECONDS, BackgroundResults
from otklik.database.access import scope
from otklik.database.transactions import statement_timeout
from otklik.errors import Counting
from tests.support.waiting import wait_for


def test_a_quick_result_is_there_at_once() -> None:
    assert BackgroundResults().result("a", 1, lambda: 7, 30) == 7


def test_a_slow_result_comes_with_a_later_call_and_is_computed_once() -> None:
    results, go, computed = BackgroundResults(), Event(), []

    def compute() -> int:
        computed.append(1)
        go.wait(30)
        return 7

    for _ in range(3):
        with pytest.raises(Counting):
            results.result("a", 1, compute, 0)
    go.set()
    assert results.result("a", 1, compute, 30) == 7
    assert results.result("a", 1, compute, 0) == 7
    assert computed == [1]


def test_the_previous_result_is_served_while_the_next_is_computed() -> None:
    results, go = BackgroundResults(), Event()
    assert results.result("a", 1, lambda: 7, 30) == 7
    assert results.result("a", 2, lambda: go.wait(30) and 8, 0) == 7
    # The data changed once more: the running computation is finished first.
    assert results.result("a", 3, lambda: 9, 0) == 7
    go.set()
    assert results.result("a", 2, lambda: 9, 30) == 8
    assert results.result("a", 3, lambda: 9, 30) == 9


def test_after_waiting_for_all_every_result_is_there() -> None:
    results, go = BackgroundResults(), Event()
    with pytest.raises(Counting):
        results.result("a", 1, lambda: go.wait(30) and 8, 0)
    go.set()
    results.wait_for_all()
    assert results.result("a", 1, lambda: 9, 0) == 8


def test_a_result_that_nobody_waited_for_changes_the_late_version() -> None:
    results, go = BackgroundResults(), Event()
    assert results.result("a", 1, lambda: 7, 30) == 7
    assert results.late_version == 0
    for question in "ab":
        with pytest.raises(Counting) if question == "b" else nullcontext():
            results.result(question, 2, lambda: go.wait(30) and 8, 0)
    assert results.late_version == 0
    go.set()
    wait_for(lambda: results.late_version == 2, "both late results")


def test_an_error_is_raised_once_and_computed_again() -> None:
    results = BackgroundResults()
    for error in (TimeoutError, ZeroDivisionError):

        def fail(error: type[Exception] = error) -> None:
            raise error

        with pytest.raises(error):
            results.result("a", 1, fail, 30)
    assert results.result("a", 1, lambda: 7, 30) == 7


def test_a_computation_has_the_callers_scope_and_a_longer_timeout() -> None:
    with scope.acting_as(scope.Scope(3)):
        context = BackgroundResults().result("a", 1, lambda: (scope.current_scope(), statement_timeout.get()), 30)
    assert context == (scope.Scope(3), TIMEOUT_SECONDS)
