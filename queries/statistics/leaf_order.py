"""The order of rows in which similar ones stand beside each other."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage

MIN_ROWS = 3


def similar_rows_together(values: NDArray[np.float64]) -> list[int]:
    """The positions of the rows in the order of a hierarchical clustering, its leaves turned for the least distance.

    Average linkage of Euclidean distances; leaves ordered as Z. Bar-Joseph, D. K. Gifford and T. S. Jaakkola (2001),
    Bioinformatics 17, S22-S29. Fewer than three rows stay as they are.
    """
    if len(values) < MIN_ROWS or not values.shape[1]:
        return list(range(len(values)))
    return [int(position) for position in leaves_list(linkage(values, "average", optimal_ordering=True))]
