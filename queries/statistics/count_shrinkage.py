"""Counts against the expected ones, shrunk towards 1 (a gamma-Poisson model).

The true ratio of each cell is taken as gamma distributed around 1, with a coefficient of variation of the cell's own;
its count is Poisson, or less or more dispersed by a known factor. How frequent each coefficient is among the cells is
learnt from them all (M. Stephens, 2017, Biostatistics 18, 275-294): where nearly all cells are as expected, a single
one that surely isn't keeps its ratio. With few cells a half-normal prior of scale 0.5 (A. Gelman, 2006, Bayesian
Analysis 1, 515-534) says that most ratios lie within a factor of three, so that a single case against 0.2 expected ones
leads nowhere. With one coefficient for all cells, the model is that of D. G. Clayton and J. Kaldor (1987), Biometrics
43, 671-681.
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
_DENSITIES = np.diff(_EDGES) * np.exp(-((_COEFFICIENTS / PRIOR_SCALE) ** 2) / 2)
_PRIOR = _DENSITIES / _DENSITIES.sum()
# So many cells the prior weighs as.
PRIOR_CELLS = 10
_STEPS = 60


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
        # A row per coefficient of variation, a column per cell.
        shapes = 1 / _COEFFICIENTS[:, None] ** 2
        weights = _coefficient_weights(counts, means)
        shape, rate = shapes + counts, shapes + means
        ratio_means = shape / rate
        mean = (weights * ratio_means).sum(axis=0)
        variance = (weights * (shape / rate**2 + (ratio_means - mean) ** 2)).sum(axis=0)
        size = mean**2 / variance
        bounds = [gammaincinv(size, probability) * mean / size for probability in (0.025, 0.975)]
        ratios[:, is_expected] = [mean, *bounds]
    return ShrunkRatios(*ratios)


def _coefficient_weights(counts: FloatArray, means: FloatArray) -> FloatArray:
    """The posterior probability of each coefficient (a row) for each cell (a column), by expectation maximisation."""
    shapes = 1 / _COEFFICIENTS[:, None] ** 2
    log_likelihood = (
        gammaln(shapes + counts)
        - gammaln(shapes)
        + shapes * np.log(shapes / (shapes + means))
        + counts * np.log(means / (shapes + means))
    )
    likelihood: FloatArray = np.exp(log_likelihood - log_likelihood.max(axis=0))
    weights = _normalised(_PRIOR, likelihood)
    for _step in range(_STEPS):
        frequencies = (weights.sum(axis=1) + PRIOR_CELLS * _PRIOR) / (len(counts) + PRIOR_CELLS)
        weights = _normalised(frequencies, likelihood)
    return weights


def _normalised(frequencies: FloatArray, likelihood: FloatArray) -> FloatArray:
    """The product of how frequent each row is and of its likelihood for each column, summing to 1 in each column."""
    weights: FloatArray = frequencies[:, None] * likelihood
    normalised: FloatArray = weights / weights.sum(axis=0)
    return normalised
