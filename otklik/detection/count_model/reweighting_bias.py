"""What giving large residuals less weight does to a history without outbreaks: mean and dispersion come out too small.

The weights are one-sided, so that some of the counts that are large by chance are taken for outbreaks. The bias is
computed exactly for constant means, and taken back.
"""

from functools import lru_cache

import numpy as np
from scipy.interpolate import RegularGridInterpolator
from scipy.stats import nbinom, poisson

from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.count_model.residual_weights import residual_weights

MEANS = np.geomspace(0.02, 2000, 40)
DISPERSIONS = np.array([1.0, 1.05, 1.1, 1.2, 1.35, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 25.0])
ROUNDS = 4


def unbiased(means: FloatArray, dispersion: FloatArray, history_mean: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means (a row per series) and dispersion as they would be with full weights; beyond the table its edge counts.

    The bias of the dispersion is that at the mean of the history.
    """
    true_dispersion = dispersion.copy()
    for _round in range(ROUNDS):
        true_dispersion = dispersion * _ratios(history_mean, true_dispersion)[1]
    is_overdispersed = dispersion > 1
    true_dispersion = np.where(is_overdispersed, true_dispersion, 1.0)
    true_means = means.copy()
    by_column = np.broadcast_to(true_dispersion[:, None], means.shape)
    for _round in range(ROUNDS):
        true_means = means * _ratios(true_means, by_column)[0]
    return true_means, true_dispersion


def _ratios(means: FloatArray, dispersion: FloatArray) -> tuple[FloatArray, FloatArray]:
    """By how much mean and dispersion are too small, for true values of both."""
    points = np.stack([np.log(np.clip(means, MEANS[0], MEANS[-1])), np.clip(dispersion, 1, DISPERSIONS[-1])], axis=-1)
    ratios = _table()(points)
    return ratios[..., 0], ratios[..., 1]


@lru_cache(maxsize=1)
def _table() -> RegularGridInterpolator:
    ratios = np.array([[_bias(mean, dispersion) for dispersion in DISPERSIONS] for mean in MEANS])
    return RegularGridInterpolator((np.log(MEANS), DISPERSIONS), ratios)


def _bias(mean: float, dispersion: float) -> tuple[float, float]:
    """True mean over the weighted one, and true dispersion over the weighted one."""
    counts = np.arange(np.ceil(mean + 12 * np.sqrt(dispersion * mean) + 12 * dispersion) + 1)
    chances = (
        poisson.pmf(counts, mean) if dispersion == 1 else nbinom.pmf(counts, mean / (dispersion - 1), 1 / dispersion)
    )
    chances = chances * residual_weights(counts, np.full_like(counts, mean), dispersion)
    chances /= chances.sum()
    weighted_mean = (chances * counts).sum()
    weighted_dispersion = (chances * (counts - weighted_mean) ** 2).sum() / weighted_mean
    return float(mean / weighted_mean), float(dispersion / weighted_dispersion)
