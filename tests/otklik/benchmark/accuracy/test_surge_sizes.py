"""The table of surge sizes: what it says is seen is seen, and one appeal less is seen more seldom."""

import numpy as np

from otklik.benchmark.accuracy.surge_sizes import SEEN_SHARE, smallest_seen, surge_size_table
from otklik.detection.count_model.farrington import Expectation
from otklik.detection.count_model.tail_probability import either_window_probability

MEAN = 5.0


def known_cells(count: int) -> tuple[np.ndarray, Expectation]:
    """Cells of Poisson counts whose mean is known exactly."""
    counts = np.random.default_rng(3).poisson(MEAN, (count, 2)).astype(float)
    expected = Expectation(
        np.tile([MEAN, 2 * MEAN], (count, 1)), np.zeros((count, 2)), np.ones(count), np.full(count, MEAN)
    )
    return np.cumsum(counts, axis=1), expected


def test_the_smallest_size_is_seen_and_one_less_is_not() -> None:
    observed, expected = known_cells(500)

    def seen_share(size: int) -> float:
        return float((either_window_probability(observed + size, expected) <= 1e-4).mean())

    size = smallest_seen(observed, expected, 1e-4)
    assert seen_share(size) >= SEEN_SHARE > seen_share(size - 1)
    assert smallest_seen(observed, expected, 1e-6) > size


def test_the_table_has_a_line_for_each_usual_count_and_larger_surges_for_larger_counts() -> None:
    lines = list(surge_size_table(20, 1, lambda *_: None))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert [row[0] for row in rows] == ["0.2", "0.5", "1", "2", "5", "10", "20", "50", "100", "200"]
    sizes = [int(row[1]) for row in rows]
    assert sizes[0] >= 5
    assert sizes[-1] > 3 * sizes[0]
    assert all(int(row[3]) >= int(row[1]) for row in rows)
