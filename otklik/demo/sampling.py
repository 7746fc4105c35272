"""Random choices for many elements at once."""

import numpy as np

from otklik.demo.catalogue_data import Floats, Ints


def draw_by_group(weights: Floats, group: Ints, rng: np.random.Generator) -> Ints:
    """A column (position) for each element, by the weights in its group's row."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    thresholds = (cumulative + np.arange(len(weights))[:, None]).ravel()
    # A share rounded up to 1 would fall on the next row.
    position = np.searchsorted(thresholds, group + np.minimum(rng.random(len(group)), 1 - 1e-9), side="right")
    return np.asarray(position - group * weights.shape[1], dtype=np.int64)


def draw_positions(weights: Floats, size: int, rng: np.random.Generator) -> Ints:
    """A position for each of so many elements, by one list of weights."""
    return draw_by_group(weights[None, :], np.zeros(size, dtype=np.int64), rng)


def apportion(total: int, weights: Floats) -> Ints:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    exact = total * weights / weights.sum()
    counts = np.floor(exact).astype(np.int64)
    remainder = total - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:remainder]] += 1
    return np.asarray(counts)
