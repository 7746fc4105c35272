"""How often clean polls are flagged, and how surely planted manipulations are found, by simulation."""

from collections.abc import Iterator

import numpy as np

from otklik.benchmark.accuracy.vote_simulation import MANIPULATIONS, Manipulation, clean_votes, manipulated_votes
from otklik.benchmark.report import table_line
from otklik.progress import ProgressCallback
from queries.statistics.voting.anomalies import suspicious_votes

VOTES = (100, 300, 1000, 3000)
KINDS = ("burst", "same_answers", "night")
FOUND_SHARE = 0.5
"""A manipulation is found where at least half of its votes are flagged."""


def poll_flags_tables(replicates: int, seed: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of two Markdown tables: clean polls that are flagged, and manipulations that are found."""
    rng = np.random.default_rng(seed)
    yield table_line(["votes of a clean poll", "flagged", "bursts", "same answers", "nights"])
    yield "|---:|" + "---:|" * (1 + len(KINDS))
    for step, count in enumerate(VOTES):
        progress("Simulating", step, 2 * len(VOTES))
        any_flag, by_kind = false_flag_rates(count, replicates, rng)
        yield table_line([str(count), f"{any_flag:.4f}", *(f"{by_kind[kind]:.4f}" for kind in KINDS)])
    yield ""
    yield table_line(["planted", *(f"in {count} votes" for count in VOTES)])
    yield "|---|" + "---:|" * len(VOTES)
    for step, manipulation in enumerate(MANIPULATIONS):
        progress("Simulating", len(VOTES) + step, 2 * len(VOTES))
        shares = [found_share(manipulation, count, max(replicates // 10, 10), rng) for count in VOTES]
        yield table_line([manipulation.name, *(f"{share:.2f}" for share in shares)])
    progress("Simulating", 2 * len(VOTES), 2 * len(VOTES))


def false_flag_rates(count: int, replicates: int, rng: np.random.Generator) -> tuple[float, dict[str, float]]:
    """The share of clean polls with so many votes that have any finding, and one of each kind."""
    found = [
        {finding.kind for finding in suspicious_votes(clean_votes(count, rng))} for _replicate in range(replicates)
    ]
    by_kind = {kind: sum(kind in kinds for kinds in found) / replicates for kind in KINDS}
    return sum(bool(kinds) for kinds in found) / replicates, by_kind


def found_share(manipulation: Manipulation, count: int, replicates: int, rng: np.random.Generator) -> float:
    """The share of polls in which the manipulation is found."""
    hits = 0
    for _replicate in range(replicates):
        votes, planted = manipulated_votes(clean_votes(count, rng), manipulation, rng)
        flagged = {int(member) for finding in suspicious_votes(votes) for member in finding.members}
        hits += len(flagged & set(planted.tolist())) >= FOUND_SHARE * len(planted)
    return hits / replicates
