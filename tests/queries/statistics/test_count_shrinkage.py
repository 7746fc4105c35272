"""Counts shrunk towards the expected ones: by the gamma posterior, by brute force, and how often intervals hold."""

import numpy as np
import pytest
from scipy import stats

from queries.statistics import count_shrinkage
from queries.statistics.count_shrinkage import PRIOR_SCALE, shrunk_count_ratios


def test_a_known_coefficient_gives_the_gamma_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    observed, expected = np.array([12.0, 3.0, 0.0]), np.array([6.0, 3.5, 4.0])
    monkeypatch.setattr(count_shrinkage, "_likely_shapes", lambda *_: (np.array([9.0]), np.ones(1)))
    ratios = shrunk_count_ratios(observed, expected)
    posterior = stats.gamma(9 + observed, scale=1 / (9 + expected))
    assert ratios.mean == pytest.approx(posterior.mean())
    assert ratios.low == pytest.approx(posterior.ppf(0.025))
    assert ratios.high == pytest.approx(posterior.ppf(0.975))


def test_the_coefficient_is_integrated_as_brute_force_does() -> None:
    observed, expected = np.array([14.0, 2.0, 30.0, 9.0, 4.0]), np.array([8.0, 6.0, 22.0, 9.5, 9.0])
    coefficients = np.linspace(0.002, 2, 2000)[:, None]
    shapes = 1 / coefficients**2
    likelihood = stats.nbinom(shapes, shapes / (shapes + expected)).pmf(observed).prod(axis=1)
    weights = likelihood * np.exp(-((coefficients[:, 0] / PRIOR_SCALE) ** 2) / 2)
    mean = weights @ ((shapes + observed) / (shapes + expected)) / weights.sum()
    assert shrunk_count_ratios(observed, expected).mean == pytest.approx(mean, rel=0.005)


@pytest.mark.parametrize("coefficient", [0.15, 0.5])
def test_nineteen_in_twenty_intervals_hold_the_truth(coefficient: float) -> None:
    rng = np.random.default_rng(7)
    is_held = []
    for _run in range(40):
        expected = rng.uniform(0.3, 60, 400)
        truth = rng.gamma(1 / coefficient**2, coefficient**2, 400)
        ratios = shrunk_count_ratios(rng.poisson(truth * expected).astype(float), expected)
        is_held.append((ratios.low <= truth) & (truth <= ratios.high))
    assert 0.93 < np.mean(is_held) < 0.97


def test_intervals_of_shares_need_the_dispersion_of_shares() -> None:
    """At a share of 60 %, a Poisson variance explains all differences between cells: their intervals are too narrow."""
    rng = np.random.default_rng(11)
    by_dispersion: dict[float, list[float]] = {1.0: [], 0.4: []}
    for _run in range(40):
        cases = rng.integers(20, 200, 300).astype(float)
        truth = np.clip(rng.normal(1, 0.1, 300), 0.5, 1.5)
        bad = rng.binomial(cases.astype(int), 0.6 * truth).astype(float)
        for dispersion, shares in by_dispersion.items():
            ratios = shrunk_count_ratios(bad, 0.6 * cases, dispersion)
            shares.append(float(np.mean((ratios.low <= truth) & (truth <= ratios.high))))
    assert 0.93 < np.mean(by_dispersion[0.4]) < 0.975
    assert np.mean(by_dispersion[1.0]) < 0.9


def test_few_cases_lead_nowhere_and_many_stay_what_they_are() -> None:
    ratios = shrunk_count_ratios(np.array([1.0, 600.0]), np.array([0.2, 300.0]))
    assert ratios.mean[0] < 1.5
    assert ratios.low[0] < 1
    assert ratios.mean[1] == pytest.approx(2, rel=0.02)
    assert ratios.low[1] > 1.8


def test_nothing_expected_is_unknown() -> None:
    ratios = shrunk_count_ratios(np.array([0.0, 3.0]), np.array([0.0, 3.0]))
    assert list(np.isnan(ratios.mean)) == [True, False]
    assert np.isnan(shrunk_count_ratios(np.zeros(2), np.zeros(2)).high).all()
