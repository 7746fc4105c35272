"""Probabilities of counts where nothing happens: exact for known means, and honest about estimated ones."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, nbinom, norm, poisson

from otklik.detection.count_model.farrington import Expectation
from otklik.detection.count_model.reweighting_bias import unbiased
from otklik.detection.count_model.tail_probability import (
    either_window_probability,
    mid_tail,
    smaller_of_both,
    upper_tail,
)


def test_tails_are_those_of_the_distributions() -> None:
    counts, mean = np.arange(12.0), np.full(12, 3.5)
    assert upper_tail(counts, mean, np.ones(12)) == pytest.approx(poisson.sf(counts - 1, 3.5))
    assert upper_tail(counts, mean, np.full(12, 2.0)) == pytest.approx(nbinom.sf(counts - 1, 3.5, 0.5))
    halves = nbinom.sf(counts, 3.5, 0.5) + nbinom.pmf(counts, 3.5, 0.5) / 2
    assert mid_tail(counts, mean, np.full(12, 2.0)) == pytest.approx(halves)


def test_the_smaller_of_two_windows_is_more_probable_than_each_alone() -> None:
    for probability in (0.2, 0.003, 1e-6):
        score = norm.isf(probability)
        both = multivariate_normal([0, 0], [[1, 0.5**0.5], [0.5**0.5, 1]]).cdf([-score, -score])
        assert smaller_of_both(np.array([probability]))[0] == pytest.approx(2 * probability - both, rel=1e-3)


def test_a_slow_rise_is_seen_over_two_weeks() -> None:
    fortnight, week = np.array([[125.0, 250.0]]), np.array([[125.0, 200.0]])
    assert either_window_probability(fortnight, known(100.0))[0] < either_window_probability(week, known(100.0))[0] / 5


def test_an_uncertain_mean_makes_a_count_less_surprising() -> None:
    certain, uncertain = known(20.0), known(20.0)._replace(variance=np.array([[40.0, 160.0]]))
    counts = np.array([[40.0, 60.0]])
    assert either_window_probability(counts, uncertain)[0] > 5 * either_window_probability(counts, certain)[0]


def test_weeks_of_the_season_without_any_count_make_the_first_one_improbable_not_impossible() -> None:
    never = Expectation(np.full((1, 2), 1e-9) * [1, 2], np.full((1, 2), 1e-9) / 35 * [1, 2], np.ones(1), np.ones(1))
    probability = either_window_probability(np.array([[1.0, 1.0], [5.0, 5.0]]), repeated(never))
    assert 0.001 < probability[0] < 0.05
    assert probability[1] < 1e-8


def repeated(expected: Expectation) -> Expectation:
    """The same expectation for two series."""
    return Expectation(*(np.repeat(values, 2, axis=0) for values in expected))


def test_what_weights_take_from_mean_and_dispersion_is_given_back() -> None:
    means, dispersion = unbiased(np.array([[1.5, 100.0]]), np.array([4.0]), np.array([1.5]))
    assert means[0, 0] > 1.55
    assert means[0, 1] < 101.5
    assert dispersion[0] > 4.5
    poisson_means, poisson_dispersion = unbiased(np.array([[10.0, 20.0]]), np.array([1.0]), np.array([10.0]))
    assert poisson_dispersion[0] == 1
    assert poisson_means[0] == pytest.approx([10, 20], rel=0.01)


def known(mean: float) -> Expectation:
    """A mean of a week that is as good as known, and of counts that vary as Poisson's do."""
    return Expectation(np.array([[mean, 2 * mean]]), np.full((1, 2), 1e-9), np.ones(1), np.array([mean]))
