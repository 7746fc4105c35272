"""Placing labels beside points so that they overlap neither points nor one another."""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)
LETTER_WIDTH, LINE_HEIGHT = 7.0, 17.0  # pixels, approximate
LABEL_OFFSET, POINT_RADIUS = 8.0, 5.0  # pixels; the offset is from a point's centre to its label
MAX_LABEL_WIDTH = 230.0  # pixels
Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


class PlotSize(NamedTuple):
    """The size of the area in which the points lie, in pixels."""

    width: float
    height: float


def label_sides(
    points: Mapping[T, tuple[float, float]], labels: Iterable[tuple[T, str]], plot_size: PlotSize
) -> dict[T, str]:
    """The side of its point (`left` or `right`) for each label that has room, by the point's key.

    Earlier labels win. `points`: the positions of all points, in pixels from the left and the top. `labels`: keys of
    points with the texts to place.
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
    """The box that a label would take on each side of its point."""
    width = min(LETTER_WIDTH * len(label), MAX_LABEL_WIDTH)
    top, bottom = position[1] - LINE_HEIGHT / 2, position[1] + LINE_HEIGHT / 2
    return {
        "left": (position[0] - LABEL_OFFSET - width, top, position[0] - LABEL_OFFSET, bottom),
        "right": (position[0] + LABEL_OFFSET, top, position[0] + LABEL_OFFSET + width, bottom),
    }


def point_box(position: tuple[float, float]) -> Box:
    """The box that a point takes."""
    return (
        position[0] - POINT_RADIUS,
        position[1] - POINT_RADIUS,
        position[0] + POINT_RADIUS,
        position[1] + POINT_RADIUS,
    )


def boxes_overlap(box: Box, other_box: Box) -> bool:
    """Whether two boxes have an area in common."""
    return box[0] < other_box[2] and other_box[0] < box[2] and box[1] < other_box[3] and other_box[1] < box[3]
