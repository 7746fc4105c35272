"""The Farrington Flexible algorithm: what a week's count is expected to be, for many series at once.

A. Noufaily and others (2013), An improved algorithm for outbreak detection in multiple surveillance systems, Statistics
in Medicine 32, 1206-1222; tests compare it with `farringtonFlexible` of R's package surveillance (M. Salmon and others,
2016, Journal of Statistical Software 70, 10).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.detection.count_model.quasi_poisson import Fits, FloatArray, fit_quasi_poisson
from otklik.detection.count_model.residual_weights import residual_weights
from otklik.detection.count_model.season_design import SeasonDesign


class Expectation(NamedTuple):
    """What is usual, a row per series and a column per window: the last week, and the last two weeks.

    `variance` is that of the estimated mean; `dispersion`, of each series, the variance of a count over its mean;
    `history_mean`, of each series, that of the fitted history.
    """

    mean: FloatArray
    variance: FloatArray
    dispersion: FloatArray
    history_mean: FloatArray

    def at(self, positions: NDArray[np.int64]) -> "Expectation":
        """Those of some series."""
        return Expectation(*(values[positions] for values in self))


def expected_counts(design: SeasonDesign, history: FloatArray) -> Expectation:
    """What each series is expected to have now. `history` has a row per series and a column per week of the design.

    The trend is left out where it leads beyond every count of the history, or where the fit doesn't converge with it.
    """
    fits = fit_reweighted(design.history, history)
    if design.has_trend:
        flat_design = design.without_trend()
        last_week = np.exp(np.minimum(fits.coefficients @ design.current[0], 700))
        is_flat = (last_week > history.max(axis=1)) | ~fits.has_converged
        positions = np.flatnonzero(is_flat)
        if len(positions):
            fits = fits.replaced(positions, _with_zero_column(fit_reweighted(flat_design.history, history[positions])))
    return _predict(design, fits)


def fit_reweighted(design: FloatArray, history: FloatArray) -> Fits:
    """Two fits: the second one with less weight for earlier outbreaks. Convergence is that of the first."""
    first = fit_quasi_poisson(design, history, np.ones_like(history))
    return fit_quasi_poisson(design, history, _weights(history, first))._replace(has_converged=first.has_converged)


def _weights(history: FloatArray, fits: Fits) -> FloatArray:
    """Weights that sum to the number of weeks."""
    unexplained = np.maximum(1 - fits.leverage, np.finfo(np.float64).eps)
    weights = residual_weights(history, fits.fitted, fits.dispersion[:, None] * unexplained)
    scaled: FloatArray = weights * (history.shape[1] / weights.sum(axis=1, keepdims=True))
    return scaled


def _with_zero_column(fits: Fits) -> Fits:
    """The fits of a design without its last column, as fits with it: a coefficient of 0 that is certain."""
    return fits._replace(
        coefficients=np.pad(fits.coefficients, ((0, 0), (0, 1))),
        covariance=np.pad(fits.covariance, ((0, 0), (0, 1), (0, 1))),
    )


def _predict(design: SeasonDesign, fits: Fits) -> Expectation:
    weeks = np.exp(np.minimum(fits.coefficients @ design.current.T, 700))
    # The gradient of the mean of one week, and of that of two, by the coefficients.
    gradients = weeks[:, :, None] * design.current
    gradients = np.cumsum(gradients, axis=1)
    variance = np.einsum("swp,spq,swq->sw", gradients, fits.covariance, gradients) * fits.dispersion[:, None]
    return Expectation(np.cumsum(weeks, axis=1), variance, fits.dispersion, fits.fitted.mean(axis=1))
