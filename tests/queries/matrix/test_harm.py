"""What is expected of a cell, and which cells are worse: computed from arrays alone."""

from types import SimpleNamespace

import numpy as np
import pytest

from queries.matrix.harm import PARTS, Ratios, expected_counts, harm_index, harm_parts, share_ratios, volume_ratios

NOTHING_LACKS: frozenset[str] = frozenset()


def counts(received: np.ndarray, **others: np.ndarray) -> SimpleNamespace:
    """The sums of a period, those not given all 0."""
    names = ("due", "met", "first_answered", "returned", "first_unknown", *(f"rated_{n}" for n in range(1, 6)))
    return SimpleNamespace(received=received, **(dict.fromkeys(names, np.zeros_like(received)) | others))


def test_a_large_topic_in_a_large_territory_is_no_harm() -> None:
    """By the column alone, each topic an equal share, the large topic would be far too many everywhere."""
    received = np.outer([900.0, 90.0, 10.0], [10.0, 1.0, 0.5])
    assert expected_counts(received) == pytest.approx(received)
    ratios = volume_ratios(received)
    assert ratios.ratio == pytest.approx(np.ones((3, 3)), abs=0.02)
    assert not ratios.side.any()
    by_column_alone = received.sum(axis=0) / 3
    assert (received[0] / by_column_alone).min() > 2.5


def test_the_worst_cell_has_many_cases_not_one() -> None:
    """Without shrinkage a single appeal against 0.1 expected would lead."""
    received = np.array([[4000.0, 400.0, 39.0], [1000.0, 190.0, 8.0], [4.0, 0.0, 1.0]])
    ratios = volume_ratios(received)
    unshrunk = received / expected_counts(received)
    assert np.argwhere(unshrunk == unshrunk.max()).tolist() == [[2, 2]]
    assert np.argwhere(ratios.ratio == ratios.ratio.max()).tolist() == [[1, 1]]
    assert ratios.side[1, 1] == 1
    assert ratios.side[2, 2] == 0


def test_a_share_is_compared_with_that_of_its_topic_not_with_that_of_all() -> None:
    """Heat is mostly late everywhere and roads hardly: only roads in the second town are worse than elsewhere."""
    due = np.full((2, 3), 200.0)
    late = np.array([[160.0, 160.0, 160.0], [10.0, 60.0, 10.0]])
    ratios = share_ratios(late, due)
    assert ratios.expected[0] == pytest.approx([160, 160, 160])
    assert ratios.side.tolist() == [[0, 0, 0], [-1, 1, -1]]
    against_all = late / (due * late.sum() / due.sum())
    assert against_all[0].min() > against_all[1].max()


def test_fewer_than_thirty_cases_are_never_beyond_chance() -> None:
    cases = np.array([[29.0, 3000.0], [30.0, 3000.0]])
    ratios = share_ratios(np.array([[29.0, 300.0], [30.0, 300.0]]), cases)
    assert ratios.low[:, 0].min() > 1
    assert ratios.side[:, 0].tolist() == [0, 1]


def test_what_is_unknown_is_no_part_of_the_index() -> None:
    """As 1 it would halve the excess of what is known."""
    received = np.full((2, 2), 500.0)
    due, met = np.full((2, 2), 400.0), np.array([[100.0, 300.0], [300.0, 300.0]])
    parts = harm_parts(counts(received, due=due, met=met), [NOTHING_LACKS] * 2)
    assert np.isnan(parts["returned"].ratio).all()
    assert np.isnan(parts["low_rated"].ratio).all()
    index, low, high, known = harm_index(parts)
    assert known.tolist() == [[2, 2], [2, 2]]
    volume, late = parts["volume"].ratio[0, 0], parts["late"].ratio[0, 0]
    assert index[0, 0] == pytest.approx(np.sqrt(volume * late))
    assert low[0, 0] < index[0, 0] < high[0, 0]
    assert index[0, 0] > (volume * late) ** (1 / len(PARTS))


def test_a_source_without_deadlines_lowers_nobody_elses_expectation() -> None:
    received = np.full((1, 3), 300.0)
    due, met = np.array([[200.0, 200.0, 0.0]]), np.array([[50.0, 150.0, 0.0]])
    lacking = [NOTHING_LACKS, NOTHING_LACKS, frozenset({"deadline_at"})]
    late = harm_parts(counts(received, due=due, met=met), lacking)["late"]
    assert late.expected[0, :2] == pytest.approx([100, 100])
    assert np.isnan(late.ratio[0, 2])


def test_ratings_of_a_source_without_them_are_unknown() -> None:
    ones = np.full((1, 2), 50.0)
    sums = counts(np.full((1, 2), 300.0), rated_1=ones, rated_5=ones)
    low_rated = harm_parts(sums, [NOTHING_LACKS, frozenset({"rating"})])["low_rated"]
    assert low_rated.cases.tolist() == [[100, 0]]
    assert np.isnan(low_rated.ratio).tolist() == [[False, True]]


def test_the_bounds_of_the_index_are_those_of_its_parts_together() -> None:
    one = np.ones((1, 1))
    part = Ratios(40 * one, 50 * one, 40 * one, 1.25 * one, 1.25 / 1.5 * one, 1.25 * 1.5 * one)
    index, low, high, _known = harm_index({"volume": part, "late": part})
    assert index[0, 0] == pytest.approx(1.25)
    # The mean of two independent logarithms has their deviation over the root of two.
    assert high[0, 0] == pytest.approx(1.25 * 1.5 ** (1 / np.sqrt(2)))
    assert low[0, 0] == pytest.approx(1.25 / 1.5 ** (1 / np.sqrt(2)))
