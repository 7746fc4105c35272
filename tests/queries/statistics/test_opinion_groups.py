"""Planted groups of opinion are recovered, and the groups are those of red-dwarf, an implementation of Polis."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from queries.statistics.opinion_groups import NO_GROUP, Labels, Reactions, opinion_groups, participant_places
from queries.statistics.representative_comments import (
    AGREE,
    Z_90,
    consensus_comments,
    one_share_test,
    representative_comments,
    two_shares_test,
)
from tests.support.participation.planted_opinions import planted_reactions

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a dependency of it warns of itself
    from reddwarf.implementations.base import PolisClusteringResult, run_pipeline
    from reddwarf.utils.stats import one_prop_test, two_prop_test

PLANTED = [(60, 40), (120, 45), (50, 50, 50), (80, 40, 30)]


def recovered_share(found: Labels, planted: Labels) -> float:
    """How many of those who are in a group are with most of their planted group, each found group standing for one."""
    is_grouped = found != NO_GROUP
    right = sum(int(np.bincount(planted[found == group]).max()) for group in range(found.max() + 1))
    return right / int(is_grouped.sum())


def red_dwarf(reactions: Reactions) -> PolisClusteringResult:
    votes = [
        {"participant_id": row, "statement_id": column, "vote": int(reactions[row, column])}
        for row, column in np.argwhere(np.isfinite(reactions))
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls what pandas is to drop
        return run_pipeline(votes=votes, random_state=0)


@pytest.mark.parametrize("sizes", PLANTED)
def test_planted_groups_are_recovered(sizes: tuple[int, ...]) -> None:
    for seed in range(3):
        reactions, planted = planted_reactions(sizes, seed=seed)
        found = opinion_groups(reactions)
        assert found is not None
        assert found.labels.max() + 1 == len(sizes)
        assert recovered_share(found.labels, planted) >= 0.95
        counts = np.bincount(found.labels[found.labels != NO_GROUP])
        assert list(counts) == sorted(counts, reverse=True)


@pytest.mark.parametrize("sizes", PLANTED)
def test_groups_places_and_comments_are_those_of_red_dwarf(sizes: tuple[int, ...]) -> None:
    reactions, _planted = planted_reactions(sizes, seed=3)
    expected = red_dwarf(reactions)
    found = opinion_groups(reactions)
    assert found is not None
    people = expected.participants_df
    is_clustered = people["to_cluster"].to_numpy()
    assert (is_clustered == (found.labels != NO_GROUP)).all()
    # It begins k-means once, and may end beside the best.
    assert adjusted_rand_score(people["cluster_id"][is_clustered].astype(int), found.labels[is_clustered]) > 0.95
    assert np.abs(people[["x", "y"]].to_numpy()) == pytest.approx(np.abs(found.places), abs=1e-9)
    consensus = expected.consensus
    assert [
        (statement["tid"], direction) for direction in ("agree", "disagree") for statement in consensus[direction]
    ] == [(one.comment, "agree" if one.reaction == AGREE else "disagree") for one in consensus_comments(reactions)]
    # Of its representative statements: those that are significant, by group. It puts one more first in each.
    stats = expected.group_comment_stats
    significant = {
        (int(group), int(statement), side)
        for (group, statement), row in stats.iterrows()
        for side, share_test, difference_test in (("agree", "pat", "rat"), ("disagree", "pdt", "rdt"))
        if row[share_test] > Z_90 and row[difference_test] > Z_90
    }
    in_both = people["cluster_id"][is_clustered].astype(int).groupby(found.labels[is_clustered])
    name_of_group = {group: clusters.mode()[0] for group, clusters in in_both}
    chosen = representative_comments(reactions, found.labels)
    assert {
        (name_of_group[one.group], one.comment, "agree" if one.reaction == AGREE else "disagree") for one in chosen
    } <= significant
    assert {one.group for one in chosen} == set(range(len(sizes)))


def test_tests_of_shares_are_those_of_red_dwarf() -> None:
    rng = np.random.default_rng(1)
    cases, others = rng.integers(0, 40, 200), rng.integers(0, 40, 200)
    successes, other_successes = rng.binomial(cases, 0.6), rng.binomial(others, 0.4)
    assert one_share_test(successes, cases) == pytest.approx(one_prop_test(successes, cases))
    expected = two_prop_test(successes.copy(), other_successes.copy(), cases, others)
    assert two_shares_test(successes, cases, other_successes, others) == pytest.approx(expected)


def test_too_few_people_or_comments_are_no_groups() -> None:
    reactions, _planted = planted_reactions((20, 20), seed=1)
    assert opinion_groups(reactions[:2]) is None
    assert opinion_groups(reactions[:, :1]) is None
    assert opinion_groups(np.ones((30, 8))) is None
    assert opinion_groups(np.full((30, 8), np.nan)) is None
    assert opinion_groups(np.full((0, 0), np.nan)) is None


def test_who_reacted_to_few_comments_is_in_no_group() -> None:
    reactions, _planted = planted_reactions((40, 30), given=1, seed=2)
    reactions[0, 6:] = np.nan
    found = opinion_groups(reactions)
    assert found is not None
    assert list(np.flatnonzero(found.labels == NO_GROUP)) == [0]
    # Who reacted to half the comments is as far from the middle as others, not half as far.
    halved = reactions.copy()
    halved[1:, 12:] = np.nan
    assert np.median(np.linalg.norm(participant_places(halved)[1:], axis=1)) > 0


def test_a_group_without_a_significant_comment_has_the_nearest_one() -> None:
    reactions = np.array([[1.0, -1.0]] * 3 + [[1.0, 1.0]] * 3)
    chosen = representative_comments(reactions, np.array([0, 0, 0, 1, 1, 1]))
    assert [(one.group, one.comment, one.reaction) for one in chosen] == [(0, 1, -1), (1, 1, 1)]
    assert [(one.share, one.share_of_others) for one in chosen] == [(1, 0), (1, 0)]
