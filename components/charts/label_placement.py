"""Names beside points: only where there is room, on the side where there is."""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)
LETTER_WIDTH, LINE_HEIGHT = 7.0, 17.0  # pixels of a letter and a line, about
LABEL_OFFSET, POINT_RADIUS = 8.0, 5.0  # of a name from its point, and of a point's half
MAX_LABEL_WIDTH = 230.0
Box = tuple[float, float, float, float]


class PlotSize(NamedTuple):
    """Pixels of the place that the points lie in."""

    width: float
    height: float


def label_sides(
    points: Mapping[T, tuple[float, float]], labels: Iterable[tuple[T, str]], plot_size: PlotSize
) -> dict[T, str]:
    """On which side of its point each name stands (`left` or `right`), the first ones first; those without room don't.

    `points`: all that are drawn, in pixels from the left and from the top.
    """
    occupied: list[Box] = []
    sides_by_point: dict[T, str] = {}
    for point_key, label in labels:
        point_boxes = [
            point_box(position)
            for other, position in points.items()
            if other != point_key and position != points[point_key]
        ]
        for side, box in label_boxes(points[point_key], label).items():
            fits_plot = box[0] >= 0 and box[2] <= plot_size.width
            if fits_plot and not any(boxes_overlap(box, other) for other in (*occupied, *point_boxes)):
                sides_by_point[point_key] = side
                occupied.append(box)
                break
    return sides_by_point


def label_boxes(position: tuple[float, float], label: str) -> dict[str, Box]:
    """What a name takes on either side of its point."""
    width = min(LETTER_WIDTH * len(label), MAX_LABEL_WIDTH)
    top, bottom = position[1] - LINE_HEIGHT / 2, position[1] + LINE_HEIGHT / 2
    return {
        "left": (position[0] - LABEL_OFFSET - width, top, position[0] - LABEL_OFFSET, bottom),
        "right": (position[0] + LABEL_OFFSET, top, position[0] + LABEL_OFFSET + width, bottom),
    }


def point_box(position: tuple[float, float]) -> Box:
    """What a point takes."""
    return (
        position[0] - POINT_RADIUS,
        position[1] - POINT_RADIUS,
        position[0] + POINT_RADIUS,
        position[1] + POINT_RADIUS,
    )


def boxes_overlap(box: tuple[float, float, float, float], other_box: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, top, right, bottom) have anything in common."""
    return box[0] < other_box[2] and other_box[0] < box[2] and box[1] < other_box[3] and other_box[1] < box[3]
