"""Counts shrunk towards the expected ones: by the gamma posterior, by brute force, and how often intervals hold."""

import numpy as np
import pytest
from scipy import stats

from queries.statistics import count_shrinkage
from queries.statistics.count_shrinkage import PRIOR_SCALE, shrunk_count_ratios


def test_a_known_coefficient_gives_the_gamma_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    observed, expected = np.array([12.0, 3.0, 0.0]), np.array([6.0, 3.5, 4.0])
    monkeypatch.setattr(count_shrinkage, "_COEFFICIENTS", np.array([1 / 3]))
    monkeypatch.setattr(count_shrinkage, "_PRIOR", np.ones(1))
    ratios = shrunk_count_ratios(observed, expected)
    posterior = stats.gamma(9 + observed, scale=1 / (9 + expected))
    assert ratios.mean == pytest.approx(posterior.mean())
    assert ratios.low == pytest.approx(posterior.ppf(0.025))
    assert ratios.high == pytest.approx(posterior.ppf(0.975))


def test_few_cells_leave_the_prior_of_the_coefficient_what_it_is() -> None:
    """A single cell, by brute force: the half-normal prior and what one cell adds to it."""
    observed, expected = np.array([14.0]), np.array([8.0])
    coefficients = np.linspace(0.002, 2, 4000)
    shapes = 1 / coefficients**2
    prior = np.exp(-((coefficients / PRIOR_SCALE) ** 2) / 2)
    posterior = prior * stats.nbinom(shapes, shapes / (shapes + expected)).pmf(observed)
    mean = posterior @ ((shapes + observed) / (shapes + expected)) / posterior.sum()
    # The cell itself counts for one eleventh of what coefficients are taken to be frequent.
    assert shrunk_count_ratios(observed, expected).mean[0] == pytest.approx(mean, rel=0.02)


def test_among_cells_as_expected_a_single_worse_one_keeps_its_ratio() -> None:
    """With one coefficient for all, it would be taken for chance and shrunk to 1.04."""
    rng = np.random.default_rng(5)
    expected = np.full(330, 80.0)
    observed = rng.poisson(expected).astype(float)
    observed[17] = 130
    ratios = shrunk_count_ratios(observed, expected)
    assert ratios.mean[17] > 1.45
    assert ratios.low[17] > 1.2
    others = np.delete(np.arange(330), 17)
    assert np.abs(ratios.mean[others] - 1).max() < 0.25
    assert ((ratios.low[others] > 1) | (ratios.high[others] < 1)).mean() < 0.01


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
