"""Names beside points: only where there is room, on the side where there is."""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from components.maps.labels import overlap

T = TypeVar("T", bound=Hashable)
LETTER, HIGH = 7.0, 17.0  # pixels of a letter and a line, about
AWAY, DOT = 8.0, 5.0  # of a name from its point, and of a point's half
LONGEST = 230.0
Box = tuple[float, float, float, float]


class Plot(NamedTuple):
    """Pixels of the place that the points lie in."""

    width: float
    height: float


def sides(points: Mapping[T, tuple[float, float]], names: Iterable[tuple[T, str]], plot: Plot) -> dict[T, str]:
    """On which side of its point each name stands (`left` or `right`), the first ones first; those without room don't.

    `points`: all that are drawn, in pixels from the left and from the top.
    """
    taken: list[Box] = []
    found: dict[T, str] = {}
    for one, name in names:
        others = [dot(at) for other, at in points.items() if other != one and at != points[one]]
        for side, box in boxes(points[one], name).items():
            inside = box[0] >= 0 and box[2] <= plot.width
            if inside and not any(overlap(box, other) for other in (*taken, *others)):
                found[one] = side
                taken.append(box)
                break
    return found


def boxes(at: tuple[float, float], name: str) -> dict[str, Box]:
    """What a name takes on either side of its point."""
    wide = min(LETTER * len(name), LONGEST)
    top, bottom = at[1] - HIGH / 2, at[1] + HIGH / 2
    return {
        "left": (at[0] - AWAY - wide, top, at[0] - AWAY, bottom),
        "right": (at[0] + AWAY, top, at[0] + AWAY + wide, bottom),
    }


def dot(at: tuple[float, float]) -> Box:
    """What a point takes."""
    return at[0] - DOT, at[1] - DOT, at[0] + DOT, at[1] + DOT
