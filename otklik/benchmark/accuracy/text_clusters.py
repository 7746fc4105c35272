"""How surely and how soon clusters of similar texts are found, and how often there is none where one is found."""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

import numpy as np

from otklik.benchmark.accuracy.text_simulation import (
    REGION,
    SimulatedAppeals,
    simulated_appeals,
    simulated_tree,
)
from otklik.benchmark.report import table_line
from otklik.detection.text_clusters.cell_search import FoundCluster, cell_clusters
from otklik.detection.text_clusters.day_search import significant_clusters
from otklik.progress import ProgressCallback

TRAFFICS = (30, 60, 150)
"""Usual appeals of a cell within a fortnight."""
SIZES = (5, 10, 20)
"""Planted appeals."""
PLANTED_DAYS = 7
LAST_DAY = 13
WEEK_DAYS = 7
CLEAN_CELLS = 10
"""The cells of a country without anything planted."""


class Finding(NamedTuple):
    """A cluster that is mostly of the planted kind.

    `day`: the day of the first one, from the first planted day on, which is 1. `purity`: the share of its appeals that
    is planted; `completeness`: the share of the planted appeals received by then that is in it.
    """

    day: int
    purity: float
    completeness: float


def text_cluster_tables(replicates: int, seed: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of two Markdown tables: planted clusters by size and usual traffic, and clusters on clean texts.

    Each day is judged by what had been received until then; a country's day has one cell in the first table, and ten in
    the second.
    """
    yield table_line(["usual in 14 days", "planted in 7 days", "found", "day", "purity", "completeness"])
    yield "|---:|---:|---:|---:|---:|---:|"
    steps = len(TRAFFICS) * (len(SIZES) + 1)
    for row, (traffic, size) in enumerate((traffic, size) for traffic in TRAFFICS for size in SIZES):
        progress("Simulating", row, steps)
        findings = [
            first_finding(np.random.default_rng([seed, traffic, size, n]), traffic, size) for n in range(replicates)
        ]
        found = [finding for finding in findings if finding is not None]
        yield table_line([str(traffic), str(size), f"{len(found) / replicates:.2f}", *_means(found)])
    yield ""
    yield table_line(["usual in 14 days", "cells", "weeks", "false clusters a week"])
    yield "|---:|---:|---:|---:|"
    for row, traffic in enumerate(TRAFFICS):
        progress("Simulating", len(TRAFFICS) * len(SIZES) + row, steps)
        weeks = max(replicates // CLEAN_CELLS, 1)
        false_count = sum(false_clusters(np.random.default_rng([seed, traffic, n]), traffic) for n in range(weeks))
        yield table_line([str(traffic), str(CLEAN_CELLS), str(weeks), f"{false_count / weeks:.2f}"])
    progress("Simulating", steps, steps)


def first_finding(rng: np.random.Generator, traffic: int, size: int) -> Finding | None:
    """The first cluster that is mostly planted, within a fortnight from the first planted day on; None without any."""
    appeals = simulated_appeals(rng, traffic, size, PLANTED_DAYS, LAST_DAY)
    for day in range(LAST_DAY + 1):
        on_day = appeals.on(day)
        planted_ids = set(on_day.cell.texts.id[on_day.is_planted].tolist())
        for cluster in significant_clusters(_clusters(appeals, day)):
            shared = len(planted_ids.intersection(cluster.appeal_ids))
            if 2 * shared > len(cluster.appeal_ids):
                return Finding(day + 1, shared / len(cluster.appeal_ids), shared / len(planted_ids))
    return None


def false_clusters(rng: np.random.Generator, traffic: int) -> int:
    """How many clusters are found in a week of ten cells in which nothing is planted; one found again counts once."""
    cells = [simulated_appeals(rng, traffic, 0, 1, WEEK_DAYS - 1) for _ in range(CLEAN_CELLS)]
    found: list[tuple[int, frozenset[int]]] = []
    for day in range(WEEK_DAYS):
        tested = [
            cluster._replace(region_id=number) for number, cell in enumerate(cells) for cluster in _clusters(cell, day)
        ]
        for cluster in significant_clusters(tested):
            members = frozenset(cluster.appeal_ids)
            if not any(cluster.region_id == cell and members & earlier for cell, earlier in found):
                found.append((cluster.region_id, members))
    return len(found)


def _clusters(appeals: SimulatedAppeals, day: int) -> list[FoundCluster]:
    on_day = appeals.on(day)
    return cell_clusters(simulated_tree(), REGION, on_day.cell, on_day.bodies)


def _means(found: list[Finding]) -> tuple[str, str, str]:
    if not found:
        return "–", "–", "–"
    purity, completeness = (float(np.mean([finding[column] for finding in found])) for column in (1, 2))
    return f"{median(finding.day for finding in found):g}", f"{purity:.2f}", f"{completeness:.2f}"
