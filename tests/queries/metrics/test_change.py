"""A change is called better or worse only beyond chance: in stationary data in five of a hundred cases."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from queries.metrics.catalogue import METRICS, PERIOD_METRICS
from queries.metrics.change import change_interval
from queries.statistics.change_intervals import estimates_change_interval
from queries.summaries.answer_time import AnswerTimeBuckets, answer_time_estimate

DAYS = 28
SEEDS = 500
MOST_FALSE_ALARMS = 36  # 5 % and 2.3 standard errors of as many seeds
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3])
Days = dict[str, NDArray[Any]]


def one_day_after_another(seed: int, days: int = 2 * DAYS, worse_from: int | None = None) -> Days:
    """Measures of days that are alike but for chance and the weekday, worse from a day on if one is named."""
    rng = np.random.default_rng(seed)
    later = np.arange(days) >= (days if worse_from is None else worse_from)
    received, closed = (rng.poisson(100 * np.resize(WEEK, days) * rng.gamma(50, 1 / 50, days)) for _ in range(2))
    seconds = np.array(
        [rng.gamma(0.7, (14 if bad else 10) * 86400, n).sum() for n, bad in zip(closed, later, strict=True)]
    )
    low = rng.binomial(closed // 4, np.where(later, 0.45, 0.3))
    redirected = rng.binomial(received, np.where(later, 0.09, 0.06))
    # Around 400 are overdue: as many leave as come.
    overdue, level = [], 400.0
    for bad in later:
        level += rng.poisson(30 + 12 * bad) - rng.poisson(30 * level / 400)
        overdue.append(level)
    return {
        "received": received,
        "closed": closed,
        "answer_seconds": seconds,
        "redirected": redirected,
        "rated_1": low,
        "rated_2": 0 * low,
        "rated_3": 0 * low,
        "rated_4": 0 * low,
        "rated_5": closed // 4 - low,
        "overdue": np.array(overdue),
    }


def sums(days: Days, period: slice) -> SimpleNamespace:
    """The sums of a period, and the state at its end."""
    return SimpleNamespace(
        **{name: values[period][-1] if name == "overdue" else values[period].sum() for name, values in days.items()}
    )


def is_beyond_chance(metric_id: str, days: Days) -> bool:
    last, before = slice(-DAYS, None), slice(-2 * DAYS, -DAYS)
    by_day = SimpleNamespace(**{name: values[last] for name, values in days.items()})
    interval = change_interval(PERIOD_METRICS[metric_id], sums(days, last), sums(days, before), by_day)
    assert interval
    return not interval[0] <= 0 <= interval[1]


CHANGING = ["redirect_rate", "low_share", "rating_mean", "answer_mean", "overdue"]


@pytest.mark.parametrize("metric_id", [*CHANGING, "flow_ratio"])
def test_stationary_data_have_no_verdict(metric_id: str) -> None:
    false_alarms = sum(is_beyond_chance(metric_id, one_day_after_another(seed)) for seed in range(SEEDS))
    assert false_alarms <= MOST_FALSE_ALARMS


@pytest.mark.parametrize("metric_id", CHANGING)
def test_a_real_change_has_one(metric_id: str) -> None:
    found = sum(is_beyond_chance(metric_id, one_day_after_another(seed, worse_from=DAYS)) for seed in range(20))
    assert found >= 16


def test_an_even_pace_before_deadlines_has_no_verdict() -> None:
    excess, false_alarms = METRICS["closed_at_last"], 0
    usual = SimpleNamespace(at_last=67, near_last=400)
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        later, earlier = (SimpleNamespace(at_last=rng.binomial(400, 1 / 6), near_last=400) for _ in range(2))
        interval = change_interval(excess, later, earlier, None)
        assert interval
        false_alarms += not interval[0] <= 0 <= interval[1]
    assert false_alarms <= MOST_FALSE_ALARMS
    rush = change_interval(excess, SimpleNamespace(at_last=150, near_last=400), usual, None)
    assert rush
    assert rush[0] > 0.1


def test_what_has_come_in_is_no_matter_of_better_or_worse() -> None:
    days = one_day_after_another(1)
    twice = {name: values * np.where(np.arange(2 * DAYS) < DAYS, 1, 2) for name, values in days.items()}
    last = SimpleNamespace(**{name: values[-DAYS:] for name, values in twice.items()})
    for metric_id in ("received", "closed", "resolved", "rated", "on_time"):
        later = SimpleNamespace(**vars(sums(twice, slice(-DAYS, None))), resolved=50, on_time=40)
        earlier = SimpleNamespace(**vars(sums(twice, slice(None, DAYS))), resolved=90, on_time=80)
        assert change_interval(PERIOD_METRICS[metric_id], later, earlier, last) is None


def test_a_few_days_say_nothing_of_how_much_a_mean_varies() -> None:
    days = one_day_after_another(1)
    four = SimpleNamespace(**{name: values[-4:] for name, values in days.items()})
    later, earlier = sums(days, slice(-4, None)), sums(days, slice(-8, -4))
    assert change_interval(PERIOD_METRICS["answer_mean"], later, earlier, four) is None
    assert change_interval(PERIOD_METRICS["redirect_rate"], later, earlier, four) is not None


def test_percentiles_of_alike_answer_times_differ_by_chance() -> None:
    edges = np.geomspace(0.01, 200, 120)
    false_alarms = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        estimates = []
        for _period in range(2):
            counts, _ = np.histogram(rng.gamma(0.7, 10, 800), edges)
            estimate = answer_time_estimate(AnswerTimeBuckets(edges[:-1], edges[1:], counts.astype(float)), 0.9)
            assert estimate
            assert estimate.low < estimate.value < estimate.high
            estimates.append(estimate)
        low, high = estimates_change_interval(*estimates)
        false_alarms += not low <= 0 <= high
    assert false_alarms <= MOST_FALSE_ALARMS
