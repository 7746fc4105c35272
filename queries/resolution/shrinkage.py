"""Ratios of observed to expected cases, shrunk towards the common ratio (empirical Bayes)."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.small_numbers import Z_95

FloatArray = NDArray[np.float64]


def shrunk_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with expected cases, with ratio, shrunk (ratio), and low and high, its 95 % bounds.

    `rows` has the columns observed and expected. Where ratios differ no more than by chance, all are shrunk to the
    common ratio.
    """
    rows = rows[rows["expected"] > 0]
    ratio = rows["observed"] / rows["expected"]
    expected_total = float(rows["expected"].sum())
    if not expected_total:
        return rows.assign(ratio=ratio, shrunk=ratio, low=ratio, high=ratio)
    common_ratio = float(rows["observed"].sum()) / expected_total
    variance = float((rows["expected"] * (ratio - common_ratio) ** 2).sum()) / expected_total
    between_variance = max(0.0, variance - common_ratio * len(rows) / expected_total)
    if not between_variance:
        return rows.assign(ratio=ratio, shrunk=common_ratio, low=common_ratio, high=common_ratio)
    # The prior counts as further cases: `prior_rate` expected and `prior_shape` observed.
    prior_shape, prior_rate = common_ratio**2 / between_variance, common_ratio / between_variance
    posterior_shape, posterior_rate = rows["observed"] + prior_shape, rows["expected"] + prior_rate
    return rows.assign(
        ratio=ratio,
        shrunk=posterior_shape / posterior_rate,
        low=gamma_quantile(posterior_shape.to_numpy(float), -Z_95) / posterior_rate,
        high=gamma_quantile(posterior_shape.to_numpy(float), Z_95) / posterior_rate,
    )


def gamma_quantile(shape: FloatArray, z: float) -> FloatArray:
    """The quantile of gamma distributions of scale 1 at the probability of the standard normal quantile `z`.

    Approximated by the cube root, which is nearly normal (E. B. Wilson and M. M. Hilferty, 1931, PNAS 17, 684-688).
    """
    root: FloatArray = np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 0)
    return shape * root**3
