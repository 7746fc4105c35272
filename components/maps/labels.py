"""Names on a map: as many as there is room for."""

from typing import NamedTuple

import pydeck as pdk

from components.maps.classification import rgb
from components.maps.geometry import Point
from components.maps.layers import INK

PAPER = {"light": "#FFFFFF", "dark": "#0F1720"}
SIZE = 12.5  # pixels
WIDE, HIGH = 0.54 * SIZE, SIZE + 5  # of a letter and a line, about
MOST = 40  # territories; of more, names would hide what they name


class Name(NamedTuple):
    """A name at a point in kilometres; `under` it or on it."""

    text: str
    at: Point
    under: bool = False


def names(labels: list[Name], pixels_per_km: float, theme: str) -> pdk.Layer:
    """The layer of the names that overlap no earlier one at so many pixels a kilometre."""
    occupied_boxes: list[tuple[float, float, float, float]] = []
    visible_labels: list[dict[str, object]] = []
    for label in labels if len(labels) <= MOST else []:
        x, y = label.at[0] * pixels_per_km, label.at[1] * pixels_per_km + (HIGH / 2 + 1 if label.under else 0)
        half_width = len(label.text) * WIDE / 2 + 5
        box = (x - half_width, y - HIGH / 2, x + half_width, y + HIGH / 2)
        if not any(overlap(box, other) for other in occupied_boxes):
            occupied_boxes.append(box)
            visible_labels.append({"at": (x / pixels_per_km, y / pixels_per_km), "text": label.text})
    return pdk.Layer(
        "TextLayer",
        visible_labels,
        id="names",
        get_position="at",
        get_text="text",
        get_color=rgb(INK[theme]),
        get_size=SIZE,
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String("Source Sans, sans-serif"),
        background=True,
        get_background_color=[*rgb(PAPER[theme]), 205],
        background_padding=[4, 1],
    )


def overlap(box: tuple[float, float, float, float], other_box: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, top, right, bottom) have anything in common."""
    return box[0] < other_box[2] and other_box[0] < box[2] and box[1] < other_box[3] and other_box[1] < box[3]
