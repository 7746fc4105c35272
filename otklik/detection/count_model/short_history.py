"""What is expected of cells with less than two years of history: the topic's wave in the whole country, at their level.

A cell's own wave isn't estimated: that of a few appeals in half a year leads anywhere in the other half.
"""

from typing import NamedTuple

import numpy as np

from otklik.detection.cell_tree import IntArray
from otklik.detection.count_model.farrington import Expectation, fit_reweighted
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.count_model.residual_weights import residual_weights
from otklik.detection.count_model.season_design import SeasonDesign

LOWEST_WAVE = 0.25
"""A wave is never taken to fall below this share of its mean: topics that end in summer do begin again."""
PRIOR_COUNT = 0.5
"""What a cell without any history had, in counts."""
ELSEWHERE_WEIGHT = 5.0
"""How many counts the topic's wave weighs as, against what the topic has elsewhere now."""


class Waves(NamedTuple):
    """The whole country's series of some topics (rows): means of the history's weeks, and of both windows now."""

    history: FloatArray
    now: FloatArray
    dispersion: FloatArray
    observed: FloatArray


def topic_waves(design: SeasonDesign, history: FloatArray, observed: FloatArray) -> Waves:
    """Fit one wave a year to each series; `observed` has what each has in both windows."""
    fits = fit_reweighted(design.history, history)
    floor = LOWEST_WAVE * fits.fitted.mean(axis=1, keepdims=True)
    weeks = np.maximum(np.exp(np.minimum(fits.coefficients @ design.current.T, 700)), floor)
    return Waves(np.maximum(fits.fitted, floor), np.cumsum(weeks, axis=1), fits.dispersion, observed)


def expected_by_wave(waves: Waves, wave: IntArray, history: FloatArray, observed: FloatArray) -> Expectation:
    """What each cell (row) is expected to have: its level times the wave of its topic (`wave`), as it is elsewhere now.

    Weeks of the history that aren't known are NaN.
    """
    is_known = ~np.isnan(history)
    counts, season = np.where(is_known, history, 0), np.where(is_known, waves.history[wave], 0)
    weights = is_known.astype(float)
    level, dispersion = _level_and_dispersion(counts, season, weights)
    for _round in range(2):
        means = np.maximum(level[:, None] * season, 1e-12)
        weights = is_known * residual_weights(counts, means, dispersion[:, None])
        level, dispersion = _level_and_dispersion(counts, season, weights)
    usual = level[:, None] * waves.now[wave]
    others_usual = np.maximum(waves.now[wave] - usual, 0)
    others_now = np.maximum(waves.observed[wave] - observed, 0)
    ratio = (others_now + ELSEWHERE_WEIGHT) / (others_usual + ELSEWHERE_WEIGHT)
    mean = usual * ratio
    relative = dispersion / ((weights * counts).sum(axis=1) + PRIOR_COUNT)
    variance = mean**2 * (relative[:, None] + waves.dispersion[wave][:, None] / (others_now + ELSEWHERE_WEIGHT))
    weeks = np.maximum(is_known.sum(axis=1), 1)
    return Expectation(mean, variance, dispersion, level * season.sum(axis=1) / weeks)


def _level_and_dispersion(counts: FloatArray, season: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    level = ((weights * counts).sum(axis=1) + PRIOR_COUNT) / np.maximum((weights * season).sum(axis=1), 1e-12)
    means = np.maximum(level[:, None] * season, 1e-12)
    freedom = np.maximum(weights.sum(axis=1) - 1, 1)
    dispersion: FloatArray = (weights * (counts - means) ** 2 / means).sum(axis=1) / freedom
    return level, np.maximum(dispersion, 1)
