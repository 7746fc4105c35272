"""Counts against their own history and the season of their group."""

import numpy as np
import pytest

from queries.statistics.counts_above_expected import CellCounts, FloatArray, excess_counts

GROUPS, PLACES, SPANS = 10, 40, 23


def made_up_counts(seed: int, dispersion: float, window: int) -> tuple[CellCounts, FloatArray]:
    """Cells of ten groups with a season each and no excess, with the means of their windows."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(GROUPS), PLACES)
    phases = rng.random(GROUPS)[group, None] * 2 * np.pi
    season = 1 + 0.6 * np.sin(np.arange(SPANS + window) / SPANS * 2 * np.pi + phases)
    means = rng.lognormal(1, 1.2, GROUPS * PLACES)[:, None] * season
    rates = means * rng.gamma(1 / dispersion, dispersion, means.shape) if dispersion else means
    counts = rng.poisson(rates).astype(float)
    window_counts = counts[:, SPANS:].sum(axis=1)
    return CellCounts(counts[:, :SPANS], window_counts, group, window), means[:, SPANS:].sum(axis=1)


@pytest.mark.parametrize("window", [1, 6])
def test_seasons_and_noise_are_no_excess(window: int) -> None:
    found = [(excess_counts(made_up_counts(seed, 0.05, window)[0])["q"] <= 0.05).any() for seed in range(30)]
    assert sum(found) <= 1


def test_three_times_the_usual_is_found_whatever_the_season_does() -> None:
    counts, means = made_up_counts(1, 0.05, 4)
    surging = np.flatnonzero(means > 10)[::20]
    counts.window[surging] = np.round(3 * means[surging])
    rows = excess_counts(counts)
    assert set(np.flatnonzero(rows["q"] <= 0.05)) == set(surging)
    assert rows["expected"].to_numpy()[surging] == pytest.approx(means[surging], rel=0.5)


def test_an_earlier_surge_is_no_history() -> None:
    history = np.full((PLACES, SPANS), 10.0)
    history[0, 3:5] = 100
    rows = excess_counts(CellCounts(history, np.full(PLACES, 10.0), np.zeros(PLACES, int), 1))
    assert rows["expected"][0] == pytest.approx(10, rel=0.15)
    assert rows["p"].min() > 0.1


def test_expected_is_the_own_history_times_the_season_of_the_others() -> None:
    history = np.repeat([[10.0], [100], [200]], SPANS, axis=1)
    history[0, :13] = np.nan
    rows = excess_counts(CellCounts(history, np.array([20.0, 200, 400]), np.zeros(3, int), 1))
    assert rows["expected"].to_numpy() == pytest.approx([20, 200, 400], rel=0.05)


def test_a_place_without_history_has_no_excess() -> None:
    history = np.full((2, SPANS), 10.0)
    history[0] = np.nan
    rows = excess_counts(CellCounts(history, np.array([50.0, 10]), np.zeros(2, int), 1))
    assert rows["p"][0] == 1
