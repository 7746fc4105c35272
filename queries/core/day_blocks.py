"""A range of days as a few blocks of cells of 64, 8 and 1 days, some added and some subtracted."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

# The lengths in days of the cells of folded cubes, longest first. A cell begins at a multiple of its length, counted
# from date.min, a Monday.
BLOCK_LENGTHS = (64, 8, 1)


class Block(NamedTuple):
    """The cells of `span` days that begin in [first, last), to be added (sign 1) or subtracted (sign -1)."""

    sign: int
    span: int
    first: date
    last: date


def day_blocks(
    start: date, end: date, lengths: tuple[int, ...] = BLOCK_LENGTHS, today: date | None = None
) -> list[Block]:
    """The blocks that add up to the days [start, end).

    Each end is rounded to the nearest boundary of the longest cells, and the difference is made up with shorter ones.
    Days left over are blocks of span 1 even where `lengths` has no 1. An end in the future is rounded up: no cells
    begin after today, so nothing has to be subtracted.
    """
    today = today or datetime.now(UTC).date()
    return [
        Block(sign, span, _date_of_number(first), _date_of_number(last))
        for sign, span, first, last in _cover_days(_day_number(start), _day_number(end), lengths, _day_number(today))
    ]


def _cover_days(start: int, end: int, lengths: tuple[int, ...], today: int) -> list[tuple[int, int, int, int]]:
    if start >= end:
        return []
    if not lengths or lengths[0] == 1:
        return [(1, 1, start, end)]
    length, *rest = lengths
    first = _round_to_multiple(start, length)
    last = -(-end // length) * length if end > today else _round_to_multiple(end, length)
    if first >= last:
        return _cover_days(start, end, tuple(rest), today)
    remainders = [
        *_signed_cover(start, first, tuple(rest), today),
        *_negate(_signed_cover(end, last, tuple(rest), today)),
    ]
    return [(1, length, first, last), *remainders]


def _signed_cover(start: int, end: int, lengths: tuple[int, ...], today: int) -> list[tuple[int, int, int, int]]:
    """The blocks of the days from `start` to `end`, negated where `end` comes first."""
    if start <= end:
        return _cover_days(start, end, lengths, today)
    return _negate(_cover_days(end, start, lengths, today))


def _negate(block_tuples: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    return [(-sign, *block) for sign, *block in block_tuples]  # type: ignore[misc]


def _round_to_multiple(number: int, length: int) -> int:
    return (number + length // 2) // length * length


def _day_number(day: date) -> int:
    return (day - date.min).days


def _date_of_number(number: int) -> date:
    return date.min + timedelta(days=number)
