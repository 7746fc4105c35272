"""Which comments tell groups of opinion apart, and which nearly everybody agrees or disagrees with, as in Polis.

The tests are those of Polis (compdemocracy/polis, math/src/polismath/math/repness.clj and stats.clj): shares with one
success and one failure added, z-statistics of one share against a half and of two shares against each other, one-sided
at 90 %.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from queries.statistics.opinion_groups import Labels, Reactions

Z_90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""
MAX_COMMENTS = 5
AGREE, DISAGREE = 1, -1
Floats = npt.NDArray[np.float64]


class RepresentativeComment(NamedTuple):
    """A comment (its column) by which a group differs from all others, and what the group thinks of it.

    `reaction`: AGREE or DISAGREE; `reacted`: how many of the group reacted; `share` of these, and `share_of_others`.
    """

    group: int
    comment: int
    reaction: int
    reacted: int
    share: float
    share_of_others: float
    score: float


class ConsensusComment(NamedTuple):
    """A comment (its column) that most of those who reacted agree or disagree with."""

    comment: int
    reaction: int
    reacted: int
    share: float
    score: float


def one_share_test(successes: Any, cases: Any) -> Floats:  # noqa: ANN401 -- numbers or arrays of them
    """The z-statistic of a share against a half."""
    tested: Floats = 2 * np.sqrt(cases + 1) * ((successes + 1) / (cases + 1) - 0.5)
    return tested


def two_shares_test(successes: Any, cases: Any, other_successes: Any, other_cases: Any) -> Floats:  # noqa: ANN401
    """The z-statistic of the difference of two shares; 0 where both are 1."""
    a, n, b, m = successes + 1, cases + 1, other_successes + 1, other_cases + 1
    pooled = (a + b) / (n + m)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / m))
    difference: Floats = np.divide(a / n - b / m, spread, out=np.zeros_like(spread), where=spread > 0)
    return difference


def smoothed_share(successes: Any, cases: Any) -> Floats:  # noqa: ANN401 -- numbers or arrays of them
    """A share with one success and one failure added."""
    share: Floats = (successes + 1) / (cases + 2)
    return share


def representative_comments(reactions: Reactions, labels: Labels) -> list[RepresentativeComment]:
    """Up to five comments of each group, the most telling first; where none is significant, the one nearest to it."""
    chosen: list[RepresentativeComment] = []
    for group in range(labels.max(initial=-1) + 1):
        inside, outside = reactions[labels == group], reactions[(labels >= 0) & (labels != group)]
        cases, other_cases = np.isfinite(inside).sum(axis=0), np.isfinite(outside).sum(axis=0)
        candidates: list[tuple[bool, float, RepresentativeComment]] = []
        for reaction in (AGREE, DISAGREE):
            successes, other_successes = (inside == reaction).sum(axis=0), (outside == reaction).sum(axis=0)
            share, others = smoothed_share(successes, cases), smoothed_share(other_successes, other_cases)
            test = one_share_test(successes, cases)
            difference = two_shares_test(successes, cases, other_successes, other_cases)
            score = share / others * difference * share * test
            for comment in np.flatnonzero(cases):
                found = RepresentativeComment(
                    group,
                    int(comment),
                    reaction,
                    int(cases[comment]),
                    float(successes[comment] / cases[comment]),
                    float(other_successes[comment] / max(other_cases[comment], 1)),
                    float(score[comment]),
                )
                is_significant = bool(test[comment] > Z_90 and difference[comment] > Z_90)
                candidates.append((is_significant, float(difference[comment]), found))
        significant = [found for is_significant, _difference, found in candidates if is_significant]
        if significant:
            chosen += sorted(significant, key=lambda found: -found.score)[:MAX_COMMENTS]
        elif candidates:
            chosen.append(max(candidates, key=lambda candidate: candidate[1])[2])
    return chosen


def consensus_comments(reactions: Reactions) -> list[ConsensusComment]:
    """Up to five comments that surely more than half agree with, and five that they disagree with, the surest first."""
    cases = np.isfinite(reactions).sum(axis=0)
    chosen: list[ConsensusComment] = []
    for reaction in (AGREE, DISAGREE):
        successes = (reactions == reaction).sum(axis=0)
        share, test = smoothed_share(successes, cases), one_share_test(successes, cases)
        score = share * test
        columns = np.flatnonzero((share > 0.5) & (test > Z_90))  # noqa: PLR2004 -- a half
        chosen += [
            ConsensusComment(
                int(column),
                reaction,
                int(cases[column]),
                float(successes[column] / cases[column]),
                float(score[column]),
            )
            for column in columns[np.argsort(-score[columns], kind="stable")][:MAX_COMMENTS]
        ]
    return chosen
