"""The uncertainty of a level that changed, from the residuals of a few dozen weeks that depend on one another."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm, t

FloatArray = NDArray[np.float64]
MAX_AUTOCORRELATION = 0.95


class Fit(NamedTuple):
    """Coefficients, the residuals over their standard deviation, and the design times that; HAC covariance."""

    coefficients: FloatArray
    residuals: FloatArray
    weighted_design: FloatArray
    hac_covariance: FloatArray


class Errors(NamedTuple):
    """The covariance of coefficients under a dispersion of 1, the dispersion, and its degrees of freedom."""

    covariance: FloatArray
    dispersion: float
    degrees: float
    autocorrelation: float


def correlated_errors(week: NDArray[np.int64], fit: Fit) -> Errors:
    """Covariance with an autocorrelation that falls off by the power of the weeks between, from all residuals.

    Residuals are less correlated than what they come from, the more the fewer weeks there are. So the autocorrelation
    is the one under which that of the residuals would be expected, and the dispersion and its degrees of freedom
    (Satterthwaite 1946) follow from it.
    """
    design, residuals = fit.weighted_design, fit.residuals
    inverse = np.linalg.pinv(design.T @ design)
    annihilator = np.eye(len(week)) - design @ inverse @ design.T
    distance = np.abs(np.subtract.outer(week, week))
    next_week = (distance == 1) / 2
    neighbours = annihilator @ next_week @ annihilator
    total = float(residuals @ residuals)
    observed = float(residuals @ next_week @ residuals) / total if total else 0.0

    def excess(autocorrelation: float) -> float:
        powers = autocorrelation**distance
        return float(np.sum(neighbours * powers) / np.sum(annihilator * powers)) - observed

    if excess(0.0) >= 0:
        autocorrelation = 0.0
    elif excess(MAX_AUTOCORRELATION) <= 0:
        autocorrelation = MAX_AUTOCORRELATION
    else:
        autocorrelation = float(brentq(excess, 0.0, MAX_AUTOCORRELATION, xtol=1e-4))
    powers = autocorrelation**distance
    residual_powers = annihilator @ powers
    degrees = np.trace(residual_powers) ** 2 / np.sum(residual_powers * residual_powers.T)
    projection = inverse @ design.T
    return Errors(
        projection @ powers @ projection.T,
        total / float(np.trace(residual_powers)),
        float(degrees),
        autocorrelation,
    )


def margins(rows: FloatArray, fit: Fit, errors: Errors, upper: float) -> FloatArray:
    """Half the width of the interval of each row's combination of coefficients.

    The widest of three: with the dispersion and autocorrelation of the residuals; with Newey and West's covariance,
    which alone is far too narrow for so few weeks; and that of counts without more than Poisson's dispersion.
    """
    quantile = float(t.ppf(upper, errors.degrees))
    plain = np.einsum("ij,jk,ik->i", rows, errors.covariance, rows)
    hac = np.maximum(np.einsum("ij,jk,ik->i", rows, fit.hac_covariance, rows), 0)
    widest: FloatArray = np.maximum.reduce(
        [quantile * np.sqrt(errors.dispersion * plain), quantile * np.sqrt(hac), norm.ppf(upper) * np.sqrt(plain)]
    )
    return widest
