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


def names(found: list[Name], scale: float, look: str) -> pdk.Layer:
    """The layer of the names that overlap no earlier one at so many pixels a kilometre."""
    taken: list[tuple[float, float, float, float]] = []
    shown: list[dict[str, object]] = []
    for name in found if len(found) <= MOST else []:
        x, y = name.at[0] * scale, name.at[1] * scale + (HIGH / 2 + 1 if name.under else 0)
        half = len(name.text) * WIDE / 2 + 5
        place = (x - half, y - HIGH / 2, x + half, y + HIGH / 2)
        if not any(overlap(place, other) for other in taken):
            taken.append(place)
            shown.append({"at": (x / scale, y / scale), "text": name.text})
    return pdk.Layer(
        "TextLayer",
        shown,
        id="names",
        get_position="at",
        get_text="text",
        get_color=rgb(INK[look]),
        get_size=SIZE,
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String("Source Sans, sans-serif"),
        background=True,
        get_background_color=[*rgb(PAPER[look]), 205],
        background_padding=[4, 1],
    )


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, top, right, bottom) have anything in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
