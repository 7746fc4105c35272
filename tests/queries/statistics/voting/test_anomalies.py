"""Planted manipulations are found, and clean polls aren't flagged."""

import numpy as np
import pytest

from otklik.benchmark.accuracy.suspicious_voting import false_flag_rates, found_share
from otklik.benchmark.accuracy.vote_simulation import MANIPULATIONS, clean_votes, manipulated_votes
from queries.statistics.voting.anomalies import DAY, Votes, suspicious_votes

BURST, _NOON, SAME, NIGHT = MANIPULATIONS


@pytest.mark.parametrize(("manipulation", "kind"), [(BURST, "burst"), (SAME, "same_answers"), (NIGHT, "night")])
def test_a_planted_manipulation_is_found_with_its_votes(manipulation: object, kind: str) -> None:
    rng = np.random.default_rng(3)
    votes, planted = manipulated_votes(clean_votes(400, rng), manipulation, rng)  # type: ignore[arg-type]
    (finding,) = [finding for finding in suspicious_votes(votes) if finding.kind == kind]
    assert len(set(finding.members) & set(planted)) > 0.9 * len(planted)
    assert len(finding.members) < 2 * len(planted)
    assert finding.first <= votes.minute[planted].min() + 60
    assert finding.expected < len(planted) / 2
    assert finding.probability < 0.002
    assert (finding.channel == 0) == (kind == "night")


def test_votes_of_too_few_days_or_patterns_say_nothing() -> None:
    minute = np.sort(np.random.default_rng(1).integers(0, 2 * DAY, 300))
    nothing = np.zeros(300, dtype=np.int64)
    assert suspicious_votes(Votes(minute, nothing, nothing - 1, 0, 2 * DAY)) == []


def test_a_question_that_all_answer_alike_is_not_suspicious() -> None:
    votes = clean_votes(500, np.random.default_rng(2))
    assert suspicious_votes(votes._replace(pattern=np.zeros_like(votes.pattern))) == []


@pytest.mark.slow
def test_few_clean_polls_are_flagged_and_most_manipulations_are_found() -> None:
    rng = np.random.default_rng(11)
    assert false_flag_rates(300, 200, rng)[0] <= 0.01
    assert all(found_share(manipulation, 300, 20, rng) >= 0.9 for manipulation in (BURST, SAME, NIGHT))
