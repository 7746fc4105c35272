"""Less weight for counts that were outbreaks themselves."""

import numpy as np

from otklik.detection.count_model.quasi_poisson import FloatArray

MAX_RESIDUAL = 2.58
"""Counts whose standardised Anscombe residual is larger weigh as much as one over its square."""


def residual_weights(counts: FloatArray, means: FloatArray, variance_ratio: FloatArray | float) -> FloatArray:
    """The weight of each count; `variance_ratio` is that of a residual over the mean."""
    residuals = 1.5 * (counts ** (2 / 3) * means ** (-1 / 6) - means**0.5) / np.sqrt(variance_ratio)
    weights: FloatArray = np.where(residuals > MAX_RESIDUAL, np.maximum(residuals, MAX_RESIDUAL) ** -2.0, 1.0)
    return weights
