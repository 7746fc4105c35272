"""Percentiles of answer times from buckets are near the true ones."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from queries.filters import Filters
from queries.summaries.answer_time import AnswerTimeBuckets, answer_time_buckets, answer_time_percentile
from tests.support import factories
from tests.support.figures.oracle import DAY, nearest_rank
from tests.support.figures.reference_data import BASE_MOMENT

LATELY = Filters(BASE_MOMENT.date() - 7 * DAY, BASE_MOMENT.date() + 2 * DAY)
NONE = AnswerTimeBuckets(np.array([]), np.array([]), np.array([]))


def test_of_no_appeals_there_is_no_answer_time(connection: Connection) -> None:
    factories.appeal(connection)
    assert answer_time_percentile(answer_time_buckets(LATELY), 0.5) is None
    assert answer_time_percentile(NONE, 0.5) is None


@pytest.mark.parametrize(
    "time",
    [timedelta(0), timedelta(seconds=59), timedelta(minutes=1), timedelta(days=8), timedelta(days=400)],
    ids=str,
)
def test_a_bucket_holds_its_time_from_its_lower_bound_on(connection: Connection, time: timedelta) -> None:
    factories.appeal(connection, received_at=BASE_MOMENT - time, closed_at=BASE_MOMENT)
    (low,), (high,), (appeals,) = answer_time_buckets(LATELY)
    assert low <= time / DAY < high
    assert high - low <= 0.0501 * (time / DAY) + 3.1 / 86400
    assert appeals == 1


def test_within_a_bucket_appeals_count_as_spread_evenly() -> None:
    counts = AnswerTimeBuckets(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.array([10.0, 10.0]))
    assert [answer_time_percentile(counts, share) for share in (0.05, 0.25, 0.5, 0.75, 0.9, 1.0)] == [
        1.1,
        1.5,
        2.0,
        3.0,
        3.6,
        4.0,
    ]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(minutes=st.lists(st.integers(0, 600_000), min_size=1, max_size=60), share=st.sampled_from([0.5, 0.9]))
def test_a_percentile_lies_in_the_bucket_of_the_true_one(minutes: list[int], share: float) -> None:
    def bounds(minute: int) -> tuple[float, float]:
        low = 0.0
        while (high := low * 1.05 + 0.05) <= minute + 1e-9:
            low = high
        return low / 1440, high / 1440

    appeals_by_bucket = sorted(Counter(bounds(minute) for minute in minutes).items())
    counts = AnswerTimeBuckets(*np.array([(*bound, appeals) for bound, appeals in appeals_by_bucket]).T)
    true = nearest_rank(sorted(minute / 1440 for minute in minutes), share)
    assert true is not None
    assert answer_time_percentile(counts, share) == pytest.approx(true, abs=0.0501 * true + 3.1 / 86400)
