"""Rounded shares come to 1 and leave each within an interval as wide as the unit, whatever the others are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.statistics.voting.rounding import UNITS, finest_unit, rounded_options, rounded_together

VOTES, UNIT = 60, 0.1


@given(st.lists(st.integers(0, 500), min_size=2, max_size=6).filter(any), st.sampled_from(UNITS))
def test_rounded_shares_come_to_one_and_are_near(counts: list[int], unit: float) -> None:
    shares = [count / sum(counts) for count in counts]
    rounded = rounded_together(shares, unit)
    assert sum(rounded) == pytest.approx(1)
    assert all(abs(share - near) < unit + 1e-9 for share, near in zip(shares, rounded, strict=True))


def test_no_count_can_be_narrowed_to_fewer_than_the_unit() -> None:
    by_result: dict[tuple[float, ...], set[int]] = {}
    for first in range(VOTES + 1):
        for second in range(VOTES + 1 - first):
            counts = (first, second, VOTES - first - second)
            rounded = rounded_together([count / VOTES for count in counts], UNIT)
            by_result.setdefault(tuple(rounded), set()).add(first)
    inner = {rounded: counts for rounded, counts in by_result.items() if min(rounded) > UNIT}
    assert min(max(counts) - min(counts) for counts in inner.values()) >= UNIT * VOTES


def test_options_of_a_multiple_choice_are_rounded_each() -> None:
    assert rounded_options([0.52, 0.87, 0.04], 0.1, "multiple") == pytest.approx([0.5, 0.9, 0.0])
    # Those who left out the question count too.
    assert rounded_options([0.52, 0.38], 0.1, "single") == pytest.approx([0.5, 0.4])


def test_the_unit_is_as_coarse_as_ten_people() -> None:
    assert [finest_unit(votes, 1) for votes in (20_000, 500, 100, 99)] == [0.001, 0.02, 0.1, None]
    assert finest_unit(100, 0) == UNITS[0]
