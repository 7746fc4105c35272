"""Raking equals a reference implementation, cuts heavy weights, and says how little it knows."""

import numpy as np
import pytest
from ipfn.ipfn import ipfn

from otklik.benchmark.accuracy.raking_coverage import SCENARIOS, coverage
from otklik.small_numbers import wilson_interval
from queries.statistics.voting.raking import Weights, estimate, rake, raked_weights, weighted_share


@pytest.mark.parametrize("seed", range(8))
def test_raking_equals_the_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.uniform(1, 30), rng.integers(2, 7, 3)).astype(float)
    population = rng.lognormal(0, 0.7, counts.shape)
    population *= counts.sum() / population.sum()
    targets = [population.sum(axis=tuple({0, 1, 2} - {axis})) for axis in range(3)]
    reference = ipfn(
        counts.copy(), targets, [[0], [1], [2]], convergence_rate=1e-12, max_iteration=5000, rate_tolerance=0
    ).iteration()
    assert np.allclose(rake(counts, targets), reference, rtol=0, atol=1e-6)


def test_weights_make_voters_as_many_as_live_there() -> None:
    counts = np.array([[30.0, 10.0], [40.0, 20.0]])
    population = [np.array([700.0, 300.0]), np.array([450.0, 550.0])]
    weights = raked_weights(counts, population)
    weighted = counts * weights.by_cell
    assert np.allclose(weighted.sum(axis=1), [70, 30])
    assert np.allclose(weighted.sum(axis=0), [45, 55])
    assert weights.effective == pytest.approx(100**2 / (counts * weights.by_cell**2).sum())
    assert weights.effective < 100


def test_unknown_members_keep_their_share_and_nobody_speaks_for_the_absent() -> None:
    counts = np.array([[10.0], [30.0], [10.0], [0.0]])
    weights = raked_weights(counts, [np.array([600.0, 200.0, np.nan, 200.0]), np.array([1000.0])])
    assert np.allclose((counts * weights.by_cell)[:, 0], [30, 10, 10, 0])


def test_a_single_vote_does_not_speak_for_thousands() -> None:
    counts = np.array([[1.0], [999.0]])
    population = [np.array([500.0, 500.0]), np.array([1000.0])]
    weights = raked_weights(counts, population, max_weight=5)
    assert weights.by_cell.max() <= 5 * 1.01
    assert raked_weights(counts, population, max_weight=1000).by_cell.max() == pytest.approx(500)


def test_shares_are_rounded_and_their_intervals_widened() -> None:
    counts, chosen = np.array([[50.0], [50.0]]), np.array([[33.0], [10.0]])
    assert weighted_share(chosen, counts, Weights(np.ones((2, 1)), 80.0)) == pytest.approx(0.43)
    low, high = wilson_interval(0.45 * 80, 80)
    assert estimate(0.45, 80, 0.05) == pytest.approx((0.45, low - 0.025, high + 0.025))


@pytest.mark.slow
def test_the_interval_holds_the_truth_where_who_votes_depends_on_age_sex_and_place_alone() -> None:
    rng = np.random.default_rng(5)
    results = {scenario.name: coverage(scenario, 500, 150, rng) for scenario in SCENARIOS}
    assert all(results[scenario.name].weighted > 0.9 for scenario in SCENARIOS if not scenario.agreed)
    # No weighting mends that people of one opinion vote more often.
    assert results[SCENARIOS[-1].name].weighted < 0.1
