"""The share resolved by an age, against an independent implementation, and with few appeals by hand."""

from random import Random

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from queries.statistics.cumulative_incidence import AgeCounts, cumulative_incidence, effective_cases

OPEN, RESOLVED, OTHER = range(3)


def counts(ages: list[int], endings: list[int], horizon: int) -> AgeCounts:
    """Those of a single member, from the age at the end of each appeal, or now where it is open."""
    by_ending = np.zeros((3, 1, horizon + 1))
    for age, ending in zip(ages, endings, strict=True):
        if age <= horizon:
            by_ending[ending, 0, age] += 1
    return AgeCounts(
        np.array([0]), np.array([float(len(ages))]), by_ending[RESOLVED], by_ending[OTHER], by_ending[OPEN]
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_estimate_is_that_of_an_independent_implementation(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 -- data for tests
    ages = [dice.choice([0, 1, 1, 2, 5, 8, 8, 29, dice.randrange(50)]) for _ in range(400)]
    endings = [dice.choice([OPEN, RESOLVED, RESOLVED, OTHER]) for _ in ages]
    # Where all of those at risk are closed at once, the reference divides by 0: the oldest is open.
    ages, endings = [*ages, 60], [*endings, OPEN]
    reference = CumIncidenceRight(np.array(ages), np.array(endings))
    estimate = cumulative_incidence(counts(ages, endings, 50))
    times = reference.times[reference.times <= 50].astype(int)
    assert estimate.share[0, times] == pytest.approx(reference.cinc[0][: len(times)])
    assert np.sqrt(estimate.variance[0, times]) == pytest.approx(reference.cinc_se[0][: len(times)])


def test_when_all_were_followed_it_is_the_plain_share() -> None:
    estimated = counts([0, 1, 2, 9, 12, 12], [RESOLVED, OTHER, RESOLVED, OTHER, RESOLVED, OPEN], 10)
    incidence = cumulative_incidence(estimated)
    assert incidence.share[0, -1] == pytest.approx(2 / 6)
    assert effective_cases(estimated, incidence) == pytest.approx([6])


@pytest.mark.parametrize(
    ("ages", "endings", "cases"),
    [([0, 0, 3], [OTHER, OTHER, OPEN], 2), ([0, 0, 0], [RESOLVED] * 3, 3), ([1, 2], [OPEN, OPEN], 1)],
)
def test_of_nothing_or_everything_resolved_those_count_that_were_followed(
    ages: list[int], endings: list[int], cases: int
) -> None:
    estimated = counts(ages, endings, 5)
    assert effective_cases(estimated, cumulative_incidence(estimated)).tolist() == [cases]
