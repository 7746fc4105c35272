"""Shares shrunk towards the common ratio: by the beta posterior, by brute force, and how often intervals hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from otklik.benchmark.accuracy import coverage
from queries.statistics import shrinkage
from queries.statistics.shrinkage import shrunk_ratios, shrunk_shares


def test_a_single_prior_gives_the_beta_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    observed, cases = np.array([30.0, 8.0, 0.0]), np.array([60.0, 40.0, 30.0])
    priors = shrinkage.SharePriors(np.array([1.1]), np.array([50.0]))
    monkeypatch.setattr(shrinkage, "likely_priors", lambda *_: (priors, np.ones(1)))
    rows = shrunk_ratios(pd.DataFrame({"cases": cases, "observed": observed, "expected": cases * 0.3}))
    posterior = stats.beta(0.33 * 50 + observed, 0.67 * 50 + cases - observed)
    assert rows["shrunk"].to_numpy() == pytest.approx(posterior.mean() / 0.3)
    assert rows["low"].to_numpy() == pytest.approx(posterior.ppf(0.025) / 0.3, abs=2e-3)
    assert rows["high"].to_numpy() == pytest.approx(posterior.ppf(0.975) / 0.3, abs=2e-3)
    assert rows["excess_probability"].to_numpy() == pytest.approx(posterior.sf(1.2 * 0.3))


def test_the_prior_is_integrated_as_brute_force_does() -> None:
    """The mean ratio, with both parameters of the prior on a fine grid instead of a quadrature."""
    observed, cases, share = np.array([12.0, 20.0, 9.0, 31.0, 18.0]), np.full(5, 50.0), 0.36
    centres, roots = np.linspace(0.05, 2.7, 300)[:, None, None], np.linspace(0.005, 0.95, 300)[None, :, None]
    a, b = (m * (1 / roots**2 - 1) for m in (centres * share, 1 - centres * share))
    weights = np.exp(stats.betabinom(50, a, b).logpmf(observed).sum(axis=2))
    mean = ((a + observed) / (a + b + 50) * weights[:, :, None]).sum(axis=(0, 1)) / weights.sum()
    rows = shrunk_ratios(pd.DataFrame({"cases": cases, "observed": observed, "expected": cases * share}))
    assert rows["shrunk"].to_numpy() == pytest.approx(mean / share, rel=0.02)


@pytest.mark.parametrize("base_rate", [0.05, 0.2, 0.4])
def test_nineteen_in_twenty_intervals_of_few_members_hold_the_truth(base_rate: float) -> None:
    cell = coverage.simulate_coverage(members=12, base_rate=base_rate, spread=0.25, runs=25, seed=1)
    assert 0.93 <= cell.coverage <= 0.985


def test_no_cases_are_no_rows() -> None:
    assert shrunk_ratios(pd.DataFrame({"cases": [0.0], "observed": [0.0], "expected": [0.0]})).empty


@pytest.mark.parametrize("base_rate", [0.05, 0.2, 0.4, 0.9])
@pytest.mark.parametrize("members", [12, 83])
def test_intervals_of_shares_hold_the_true_share_about_95_times_in_a_hundred(base_rate: float, members: int) -> None:
    rng = np.random.default_rng(members)
    is_held = []
    for _run in range(60):
        size = 1 / 0.15**2 - 1
        true_share = rng.beta(base_rate * size, (1 - base_rate) * size, members)
        cases = rng.integers(20, 400, members).astype(float)
        _mean, low, high = shrunk_shares(rng.binomial(cases.astype(int), true_share).astype(float), cases)
        is_held.append((low <= true_share) & (true_share <= high))
    assert 0.92 < np.mean(is_held) < 0.98


def test_bounds_of_shares_are_those_of_the_fair_comparison() -> None:
    rng = np.random.default_rng(5)
    cases = rng.integers(20, 400, 40).astype(float)
    observed = rng.binomial(cases.astype(int), rng.beta(4, 16, 40)).astype(float)
    common = observed.sum() / cases.sum()
    ratios = shrunk_ratios(pd.DataFrame({"cases": cases, "observed": observed, "expected": cases * common}))
    shares = shrunk_shares(observed, cases)
    for shrunk, column in zip(shares, ("shrunk", "low", "high"), strict=True):
        assert shrunk == pytest.approx(ratios[column].to_numpy() * common, abs=0.004)


def test_no_cases_make_no_share() -> None:
    assert np.isnan(shrunk_shares(np.zeros(2), np.zeros(2)).mean).all()
    assert list(np.isnan(shrunk_shares(np.array([3.0, 0.0]), np.array([5.0, 0.0])).mean)) == [False, True]
