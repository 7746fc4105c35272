"""Rows that are alike stand beside one another."""

import numpy as np
import pytest

from queries.statistics.leaf_order import similar_rows_together


def test_rows_of_two_kinds_are_parted() -> None:
    kinds = np.array([0, 1, 0, 1, 1, 0])
    values = np.random.default_rng(1).normal(0, 0.1, (6, 8)) + 3.0 * kinds[:, None]
    ordered = kinds[similar_rows_together(values)]
    assert np.abs(np.diff(ordered)).sum() == 1


def test_a_gradient_is_put_in_its_order() -> None:
    values = np.array([[4.0], [1.0], [3.0], [2.0]])
    assert np.diff(values[similar_rows_together(values), 0]).tolist() in ([1, 1, 1], [-1, -1, -1])


@pytest.mark.parametrize("shape", [(0, 0), (1, 4), (2, 4), (5, 0)])
def test_too_few_to_cluster_stay_as_they_are(shape: tuple[int, int]) -> None:
    assert similar_rows_together(np.ones(shape)) == list(range(shape[0]))
