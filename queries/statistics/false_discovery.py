"""Many tests at once: how many of the findings are chance."""

import numpy as np
from numpy.typing import NDArray

MAX_FALSE_DISCOVERIES = 0.05


def false_discovery_rates(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The q-value of each test, in their order: the expected share of chance among all findings at least as sure.

    Y. Benjamini and Y. Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    order = np.argsort(p_values)[::-1]
    ranks = np.arange(len(p_values), 0, -1)
    q_values = np.empty(len(p_values))
    q_values[order] = np.minimum.accumulate(p_values[order] * len(p_values) / ranks)
    return np.minimum(q_values, 1)
