"""Labels on a map, where they don't overlap."""

from typing import NamedTuple

import pydeck as pdk

from components.charts.label_placement import boxes_overlap
from components.maps.boundaries.boundary_files import Point
from components.maps.classification import hex_to_rgb
from components.maps.layers import TEXT_COLOURS

BACKGROUND_COLOURS = {"light": "#FFFFFF", "dark": "#0F1720"}
FONT_SIZE = 12.5  # pixels
LETTER_WIDTH, LINE_HEIGHT = 0.54 * FONT_SIZE, FONT_SIZE + 5  # pixels, approximate
MAX_LABELS = 40  # a map of more territories has none, since they would hide it


class MapLabel(NamedTuple):
    """A text centred on a point in kilometres, or `under` it."""

    text: str
    position: Point
    under: bool = False


def label_layer(labels: list[MapLabel], pixels_per_km: float, theme: str) -> pdk.Layer:
    """The layer of labels, without those that would overlap an earlier one at the initial zoom."""
    occupied_boxes: list[tuple[float, float, float, float]] = []
    visible_labels: list[dict[str, object]] = []
    for label in labels if len(labels) <= MAX_LABELS else []:
        x, y = (
            label.position[0] * pixels_per_km,
            label.position[1] * pixels_per_km + (LINE_HEIGHT / 2 + 1 if label.under else 0),
        )
        half_width = len(label.text) * LETTER_WIDTH / 2 + 5
        box = (x - half_width, y - LINE_HEIGHT / 2, x + half_width, y + LINE_HEIGHT / 2)
        if not any(boxes_overlap(box, other) for other in occupied_boxes):
            occupied_boxes.append(box)
            visible_labels.append({"at": (x / pixels_per_km, y / pixels_per_km), "text": label.text})
    return pdk.Layer(
        "TextLayer",
        visible_labels,
        id="names",
        get_position="at",
        get_text="text",
        get_color=hex_to_rgb(TEXT_COLOURS[theme]),
        get_size=FONT_SIZE,
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String("Source Sans, sans-serif"),
        background=True,
        get_background_color=[*hex_to_rgb(BACKGROUND_COLOURS[theme]), 205],
        background_padding=[4, 1],
    )
