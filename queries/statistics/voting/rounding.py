"""Shares over groups or votes that may be hidden, rounded so that nobody works out a small one of them."""

from collections.abc import Sequence
from math import floor

from otklik.small_numbers import MIN_PEOPLE

UNITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


def finest_unit(votes: float, spread: float) -> float | None:
    """The finest of `UNITS` by which nobody works out how fewer than ten people voted; None where none is enough.

    `spread`: by how much a share changes at most, in votes, if somebody is in another group: the difference of weights.
    """
    return next((unit for unit in UNITS if unit * votes >= MIN_PEOPLE * spread), None)


def rounded_together(shares: Sequence[float], unit: float) -> list[float]:
    """Shares that come to 1, rounded to multiples of the unit that do so too: by the largest remainders.

    Each rounded by itself, they would tell most where their sum is farthest from 1. So they tell equally much always:
    one share lies within an interval as wide as the unit at least, whatever the others are.
    """
    steps = round(1 / unit)
    exact = [share * steps for share in shares]
    whole = [floor(share) for share in exact]
    by_remainder = sorted(range(len(shares)), key=lambda place: whole[place] - exact[place])
    for place in by_remainder[: steps - sum(whole)]:
        whole[place] += 1
    return [n / steps for n in whole]


def rounded_options(shares: Sequence[float], unit: float, kind: str) -> list[float]:
    """The rounded shares of a question's options: of a multiple choice each with those who didn't choose it."""
    if kind == "multiple":
        return [rounded_together([share, 1 - share], unit)[0] for share in shares]
    return rounded_together([*shares, 1 - sum(shares)], unit)[:-1]
