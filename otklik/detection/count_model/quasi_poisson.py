"""Quasi-Poisson regressions of many series on one design: a matrix product and a batch of small solves a step."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MAX_STEPS = 25
TOLERANCE = 1e-8
SMALLEST_MEAN = float(np.finfo(np.float64).eps)
MAX_LOGARITHM = 700.0


class Fits(NamedTuple):
    """A regression with logarithmic link per series (rows).

    `fitted` and `leverage` have a column per row of the design. `covariance` is that of the coefficients for a
    dispersion of 1; `dispersion` is Pearson's estimate, at least 1.
    """

    coefficients: FloatArray
    covariance: FloatArray
    fitted: FloatArray
    leverage: FloatArray
    dispersion: FloatArray
    has_converged: BoolArray

    def replaced(self, positions: NDArray[np.int64], others: "Fits") -> Self:
        """These fits with others in place of those at some positions; the designs have the same columns."""
        replaced = {name: getattr(self, name).copy() for name in self._fields}
        for name, values in replaced.items():
            values[positions] = getattr(others, name)
        return self._replace(**replaced)


def fit_quasi_poisson(design: FloatArray, counts: FloatArray, weights: FloatArray) -> Fits:
    """Fit every row of `counts`, with its prior weights, on the rows of the design.

    Iteratively reweighted least squares with the start, the limit of 25 steps and the criterion of R's `glm`
    (P. McCullagh and J. A. Nelder, 1989, Generalized Linear Models, section 2.5), so that series whose coefficients
    have no finite maximum end where they end in R.
    """
    series_count, column_count = len(counts), design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), column_count**2)
    saturated = (weights * (xlogy(counts, counts) - counts)).sum(axis=1)
    fitted = counts + 0.1
    predictor = np.log(fitted)
    deviance = 2 * (saturated - _log_likelihood(counts, predictor, fitted, weights))
    coefficients = np.zeros((series_count, column_count))
    information = np.zeros((series_count, column_count, column_count))
    working_weights = np.zeros_like(fitted)
    active = np.arange(series_count)
    for _step in range(MAX_STEPS):
        means, prior, observed = fitted[active], weights[active], counts[active]
        step_weights = prior * means
        matrices = (step_weights @ products).reshape(-1, column_count, column_count)
        right_sides = (step_weights * predictor[active] + prior * (observed - means)) @ design
        step = _solve(matrices, right_sides)
        step_predictor = np.minimum(step @ design.T, MAX_LOGARITHM)
        means = np.maximum(np.exp(step_predictor), SMALLEST_MEAN)
        step_deviance = 2 * (saturated[active] - _log_likelihood(observed, step_predictor, means, prior))
        is_done = np.abs(step_deviance - deviance[active]) < TOLERANCE * (np.abs(step_deviance) + 0.1)
        coefficients[active], information[active], working_weights[active] = step, matrices, step_weights
        predictor[active], fitted[active], deviance[active] = step_predictor, means, step_deviance
        active = active[~is_done]
        if not len(active):
            break
    has_converged = np.ones(series_count, dtype=bool)
    has_converged[active] = False
    covariance = _inverse(information)
    leverage = working_weights * (covariance.reshape(series_count, -1) @ products.T)
    dispersion = (working_weights * ((counts - fitted) / fitted) ** 2).sum(axis=1) / max(1, len(design) - column_count)
    return Fits(coefficients, covariance, fitted, leverage, np.maximum(dispersion, 1), has_converged)


def _log_likelihood(counts: FloatArray, predictor: FloatArray, fitted: FloatArray, weights: FloatArray) -> FloatArray:
    """Up to what doesn't depend on the fit."""
    likelihood: FloatArray = np.einsum("sw,sw->s", weights, counts * predictor - fitted)
    return likelihood


def _scales(matrices: FloatArray) -> FloatArray:
    # A level of the season without any count has weights near 0: scaled, such matrices stay regular.
    return 1 / np.sqrt(np.maximum(np.diagonal(matrices, axis1=1, axis2=2), np.finfo(np.float64).tiny))


def _solve(matrices: FloatArray, right_sides: FloatArray) -> FloatArray:
    scales = _scales(matrices)
    scaled = matrices * scales[:, :, None] * scales[:, None, :]
    solution: FloatArray = np.linalg.solve(scaled, (right_sides * scales)[:, :, None])[:, :, 0] * scales
    return solution


def _inverse(matrices: FloatArray) -> FloatArray:
    scales = _scales(matrices)
    scaling = scales[:, :, None] * scales[:, None, :]
    return np.asarray(np.linalg.inv(matrices * scaling) * scaling, dtype=np.float64)
