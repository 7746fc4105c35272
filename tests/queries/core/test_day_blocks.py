"""The blocks of a range of days add up to exactly its days."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.core.day_blocks import BLOCK_LENGTHS, Block, day_blocks

DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)


def days(blocks: list[Block]) -> dict[date, int]:
    """How often each day is in the blocks, with subtracted ones counted as -1."""
    counted: Counter[date] = Counter()
    for block in blocks:
        for n in range((block.last - block.first).days):
            counted[block.first + n * DAY] += block.sign
    return {day: times for day, times in counted.items() if times}


@given(
    start=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    length=st.integers(0, 800),
    lengths=st.sampled_from([BLOCK_LENGTHS, (16,), (1,)]),
)
def test_every_day_once_in_cells_that_begin_where_cells_do(start: date, length: int, lengths: tuple[int, ...]) -> None:
    blocks = day_blocks(start, start + length * DAY, lengths, TODAY)
    assert days(blocks) == {start + n * DAY: 1 for n in range(length)}
    assert {(block.first - date.min).days % block.span for block in blocks} <= {0}


@pytest.mark.parametrize(("length", "most"), [(1, 1), (30, 10), (90, 10), (365, 14)])
def test_a_period_up_to_today_is_few_cells(length: int, most: int) -> None:
    blocks = day_blocks(TODAY - (length - 1) * DAY, TODAY + DAY, today=TODAY)
    assert sum((min(block.last, TODAY + DAY) - block.first).days / block.span for block in blocks) <= most
