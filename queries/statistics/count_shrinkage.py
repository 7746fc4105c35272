"""Counts against the expected ones, shrunk towards 1 (a gamma-Poisson model).

The true ratio of each cell is taken as gamma distributed around 1, with one coefficient of variation for all cells; its
count is Poisson, or less or more dispersed by a known factor. The coefficient is integrated over, since with few cells
it isn't known well: a half-normal prior of scale 0.5 (A. Gelman, 2006, Bayesian Analysis 1, 515-534) says that without
evidence most ratios lie within a factor of three, so that a single case against 0.2 expected ones leads nowhere. The
model is that of D. G. Clayton and J. Kaldor (1987), Biometrics 43, 671-681, there with the coefficient taken as known.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln

FloatArray = NDArray[np.float64]
PRIOR_SCALE = 0.5
# Coefficients of variation of the true ratios: 40 between 0 and 2, closer together near 0.
_EDGES = 2 * np.linspace(0, 1, 41) ** 2
_COEFFICIENTS = (_EDGES[1:] + _EDGES[:-1]) / 2
_PRIOR = np.diff(_EDGES) * np.exp(-((_COEFFICIENTS / PRIOR_SCALE) ** 2) / 2)
_NEGLIGIBLE_WEIGHT = 1e-4


class ShrunkRatios(NamedTuple):
    """Ratios of observed to expected as they are most likely to be: the mean, and its 95 % bounds."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray


def shrunk_count_ratios(
    observed: FloatArray, expected: FloatArray, dispersion: FloatArray | float = 1.0
) -> ShrunkRatios:
    """The ratio of each cell, the nearer to 1 the less is expected of it; NaN where nothing is expected.

    `dispersion`: the variance of a count over its mean; 1 minus the share where the counts are of so many cases. The
    bounds are those of one gamma distribution with the mean and variance of the mixture.
    """
    ratios = np.full((3, len(observed)), np.nan)
    is_expected = expected > 0
    if is_expected.any():
        factors = np.broadcast_to(dispersion, observed.shape)[is_expected]
        # Divided by their dispersion, counts and expectations have the precision of a Poisson count.
        counts, means = observed[is_expected] / factors, expected[is_expected] / factors
        shapes, weights = _likely_shapes(counts, means)
        # A row per coefficient of variation, a column per cell.
        shape, rate = shapes[:, None] + counts, shapes[:, None] + means
        ratio_means = shape / rate
        mean = weights @ ratio_means
        variance = weights @ (shape / rate**2 + (ratio_means - mean) ** 2)
        size = mean**2 / variance
        bounds = [gammaincinv(size, probability) * mean / size for probability in (0.025, 0.975)]
        ratios[:, is_expected] = [mean, *bounds]
    return ShrunkRatios(*ratios)


def _likely_shapes(counts: FloatArray, means: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The shapes of the gamma distributions that the ratios may come from, and their posterior probabilities."""
    shapes = 1 / _COEFFICIENTS**2
    column = shapes[:, None]
    log_likelihood = (
        gammaln(column + counts)
        - gammaln(column)
        + column * np.log(column / (column + means))
        + counts * np.log(means / (column + means))
    ).sum(axis=1)
    weights = _PRIOR * np.exp(log_likelihood - log_likelihood.max())
    weights /= weights.sum()
    is_likely = weights > _NEGLIGIBLE_WEIGHT
    return shapes[is_likely], weights[is_likely] / weights[is_likely].sum()
