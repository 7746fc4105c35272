"""Random choices for many elements at once."""

import numpy as np

from otklik.demo.sheets import Floats, Ints


def drawn(weights: Floats, group: Ints, rng: np.random.Generator) -> Ints:
    """A column (position) for each element, by the weights in its group's row."""
    heaped = np.cumsum(weights, axis=1)
    heaped /= heaped[:, -1:]
    ladder = (heaped + np.arange(len(weights))[:, None]).ravel()
    # A share rounded up to 1 would fall on the next row.
    at = np.searchsorted(ladder, group + np.minimum(rng.random(len(group)), 1 - 1e-9), side="right")
    return np.asarray(at - group * weights.shape[1], dtype=np.int64)


def one_of(weights: Floats, size: int, rng: np.random.Generator) -> Ints:
    """A position for each of so many elements, by one list of weights."""
    return drawn(weights[None, :], np.zeros(size, dtype=np.int64), rng)


def shared_out(total: int, weights: Floats) -> Ints:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return np.asarray(whole)
