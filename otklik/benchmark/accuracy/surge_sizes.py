"""How large a surge has to be to be seen, by how much a cell usually has."""

from collections.abc import Iterator

import numpy as np

from otklik.benchmark.report import table_line
from otklik.detection.count_model.farrington import Expectation, expected_counts
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.count_model.season_design import calendar_reference_weeks, level_design
from otklik.detection.count_model.tail_probability import either_window_probability
from otklik.detection.surge_alarms import alarm_threshold
from otklik.progress import ProgressCallback

USUAL_COUNTS = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
"""Means a week."""
DISPERSIONS = (1.0, 2.0)
"""The variance of a week's count over its mean."""
JUDGED_CELLS = (1_500, 16_600)
"""Of the demo, and of 83 regions with 200 topics each."""
HISTORY_WEEKS = 212
"""Four years and the weeks around the oldest one."""
SEEN_SHARE = 0.8
LARGEST = 2_000


def surge_size_table(replicates: int, seed: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of a Markdown table: by the usual count of a week, the appeals that a surge of one week must add.

    So many are seen by the end of the week with a probability of at least 80 %, at the threshold that a number of
    judged cells brings.
    """
    rng = np.random.default_rng(seed)
    names = [f"{cells:,} cells, dispersion {dispersion:g}" for cells in JUDGED_CELLS for dispersion in DISPERSIONS]
    yield table_line(["usual a week", *names])
    yield "|---:|" + "---:|" * len(names)
    for step, mean in enumerate(USUAL_COUNTS):
        progress("Simulating", step, len(USUAL_COUNTS))
        by_dispersion = [_cases(mean, dispersion, replicates, rng) for dispersion in DISPERSIONS]
        sizes = [
            smallest_seen(observed, expected, alarm_threshold(cells))
            for cells in JUDGED_CELLS
            for observed, expected in by_dispersion
        ]
        yield table_line([f"{mean:g}", *(f"+{size}" for size in sizes)])
    progress("Simulating", len(USUAL_COUNTS), len(USUAL_COUNTS))


def smallest_seen(observed: FloatArray, expected: Expectation, threshold: float) -> int:
    """The fewest appeals that, added to the last week, are an alarm in 80 % of the cells; more are one as well.

    `observed`: a row per cell, with the counts of the last week and of the last two. At most 2,000.
    """
    smallest, largest = 0, LARGEST
    while smallest < largest:
        size = (smallest + largest) // 2
        if (either_window_probability(observed + size, expected) <= threshold).mean() >= SEEN_SHARE:
            largest = size
        else:
            smallest = size + 1
    return smallest


def _cases(mean: float, dispersion: float, replicates: int, rng: np.random.Generator) -> tuple[FloatArray, Expectation]:
    """What cells without a surge had in the last week and in the last two, and what they are expected to have."""
    shape = (replicates, HISTORY_WEEKS)
    if dispersion == 1:
        counts = rng.poisson(mean, shape).astype(float)
    else:
        counts = rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, shape).astype(float)
    design = level_design(calendar_reference_weeks(HISTORY_WEEKS))
    expected = expected_counts(design, counts[:, design.ages])
    return np.column_stack([counts[:, 0], counts[:, :2].sum(axis=1)]), expected
