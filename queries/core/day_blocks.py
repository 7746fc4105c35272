"""A range of days as few cells of several lengths: some added, some taken away."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

# The lengths of the cells that the cubes of measures have, longest first; cells begin at multiples of them, counted
# from the first day that Python knows, a Monday.
LENGTHS = (64, 8, 1)


class Block(NamedTuple):
    """Cells of one length, from the one that begins on `first` to before `last`: added (1) or taken away (-1)."""

    sign: int
    span: int
    first: date
    last: date


def blocks(start: date, end: date, lengths: tuple[int, ...] = LENGTHS, today: date | None = None) -> list[Block]:
    """The cells that come to the days [start, end): each end to the nearest boundary, the rest by shorter cells.

    Without cells of one day, the ends that are left over are blocks of one day all the same. An end in the future goes
    up to the next boundary: what lies behind today has no cells to be taken away.
    """
    today = today or datetime.now(UTC).date()
    return [
        Block(sign, span, _day(first), _day(last))
        for sign, span, first, last in _cover(_number(start), _number(end), lengths, _number(today))
    ]


def _cover(start: int, end: int, lengths: tuple[int, ...], today: int) -> list[tuple[int, int, int, int]]:
    if start >= end:
        return []
    if not lengths or lengths[0] == 1:
        return [(1, 1, start, end)]
    length, *rest = lengths
    first = _nearest(start, length)
    last = -(-end // length) * length if end > today else _nearest(end, length)
    if first >= last:
        return _cover(start, end, tuple(rest), today)
    remainders = [*_between(start, first, tuple(rest), today), *_negative(_between(end, last, tuple(rest), today))]
    return [(1, length, first, last), *remainders]


def _between(start: int, end: int, lengths: tuple[int, ...], today: int) -> list[tuple[int, int, int, int]]:
    """The days from one to the other, negative where the other comes first."""
    if start <= end:
        return _cover(start, end, lengths, today)
    return _negative(_cover(end, start, lengths, today))


def _negative(block_tuples: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    return [(-sign, *block) for sign, *block in block_tuples]  # type: ignore[misc]


def _nearest(number: int, length: int) -> int:
    return (number + length // 2) // length * length


def _number(day: date) -> int:
    return (day - date.min).days


def _day(number: int) -> date:
    return date.min + timedelta(days=number)
