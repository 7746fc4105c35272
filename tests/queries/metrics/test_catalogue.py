"""The catalogue of metrics: each is complete, and intervals are the published ones."""

import pickle
from types import SimpleNamespace

import pytest

from otklik.small_numbers import MIN_CASES, wilson_interval
from queries.counts.state_sums import SUM_MEASURES
from queries.metrics.catalogue import METRICS, PERCENTILE_METRICS, PERIOD_METRICS
from queries.metrics.metric import Metric
from queries.summaries.resolved_share import ESTIMATES

NOTHING = SimpleNamespace(**dict.fromkeys((*SUM_MEASURES, *ESTIMATES), 0))


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        # R, binom::binom.wilson and prop.test(correct = FALSE).
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 10, 0.0179, 0.4042),
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_an_interval_is_the_published_one(hits: int, cases: int, low: float, high: float) -> None:
    assert wilson_interval(hits, cases) == pytest.approx((low, high), abs=0.00006)


def share(cases: int) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(NOTHING), "closed": cases, "closed_rated": 1, "rated_5": 1})


def test_a_share_of_29_has_bounds_and_one_of_30_has_none() -> None:
    assert MIN_CASES == 30
    assert PERIOD_METRICS["coverage"].interval(share(29)) == pytest.approx((0.0061, 0.1718), abs=0.00006)
    assert PERIOD_METRICS["coverage"].interval(share(30)) is None
    assert PERIOD_METRICS["coverage"].interval(share(0)) is None


def test_counts_and_means_have_no_bounds() -> None:
    three_cases = share(3)
    assert all(metric.interval(three_cases) is None for metric in PERIOD_METRICS.values() if metric.unit != "share")


@pytest.mark.parametrize(
    "metric",
    [metric for metric in PERIOD_METRICS.values() if metric.id not in PERCENTILE_METRICS],
    ids=lambda metric: metric.id,
)
def test_of_nothing_a_count_is_zero_and_a_share_unknown(metric: Metric) -> None:
    assert metric.value(NOTHING) == (0 if metric.denominator is None else None)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.id)
def test_each_figure_is_explained_and_survives_the_cache(metric: Metric) -> None:
    assert METRICS[metric.id] is metric
    assert pickle.loads(pickle.dumps(metric)) is metric  # noqa: S301 - our own bytes
    assert metric.name
    assert metric.explanation.endswith(".")
    # Only counts, percentiles and the oldest open appeal have no denominator.
    assert (metric.denominator is None) == (metric.unit == "count" or metric.id in {*PERCENTILE_METRICS, "oldest_open"})


def test_targets_are_those_of_the_regulator() -> None:
    targets = {metric.id: metric.target for metric in METRICS.values() if metric.target is not None}
    assert targets == {"answer_mean": 8.0, "satisfaction": 0.6}
