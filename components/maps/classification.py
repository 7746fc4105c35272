"""Classes of a map's values: few, with round bounds, in colours that colour-blind readers can tell apart."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isnan, log10

import pandas as pd

RgbColour = tuple[int, int, int]
MAX_CLASSES = 5
MIN_CHANGE_STEP = 0.01  # a smaller change (1 %, or a percentage point) is no change
MAX_LINEAR_CHANNEL = 0.04045  # darker channels of sRGB are linear
MID_LUMINANCE = 0.19  # black and white text have about equal contrast with it
# From little to much, in shades of one hue, so that lightness alone tells the order.
SEQUENTIAL_PALETTES = {
    "light": ("#D6E6F5", "#A5C8E8", "#69A1D6", "#3074B8", "#134078"),
    "dark": ("#23415F", "#2D6096", "#4A8CCB", "#86BAE9", "#D3E8FC"),
}
# From worse (orange) through the target or no change to better (blue); the far ends are the strongest.
DIVERGING_PALETTES = {
    "light": ("#8A3A00", "#D27A2C", "#F2C596", "#B9D7EE", "#619FD4", "#1C589A"),
    "dark": ("#FFB072", "#D07A32", "#77492A", "#2B4D70", "#4A8AC6", "#9CD0FF"),
}
NEUTRAL_COLOURS = {"light": "#EFE9DA", "dark": "#57523F"}
FEW_CASES_COLOURS = {"light": "#B4BBC6", "dark": "#5C6878"}
NO_DATA_COLOURS = {"light": "#F4F6F9", "dark": "#18212C"}


@dataclass(frozen=True)
class Classification:
    """Class n has the n-th colour and the half-open range of values from `bounds[n-1]` to `bounds[n]`.

    `target` is a bound that is marked in the legend: a target, or else the overall value if `is_overall`.
    """

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    target: float | None = None
    is_overall: bool = False

    def class_index(self, value: float) -> int:
        """The number of the class of a value, from 0."""
        return bisect_right(self.bounds, value)

    def covers_all(self, low: float, high: float) -> bool:
        """Whether an interval reaches from the first class, of several, into the last one."""
        return bool(self.bounds) and self.class_index(low) == 0 and self.class_index(high) == len(self.bounds)


def sequential_classes(values: Sequence[float], theme: str) -> Classification:
    """Classes with about equally many values each, with rounded bounds; a single class if all values are equal."""
    known_values = pd.Series([value for value in values if not isnan(value)], dtype=float)
    if known_values.empty or known_values.min() == known_values.max():
        return Classification((), (SEQUENTIAL_PALETTES[theme][2],))
    class_count = min(MAX_CLASSES, int(known_values.nunique()))
    quantiles = known_values.quantile([n / class_count for n in range(1, class_count)])
    rounding_unit = 10.0 ** (
        floor(log10(float(quantiles.max() - quantiles.min()) or float(known_values.max() - known_values.min()))) - 1
    )
    rounded = {round(round(quantile / rounding_unit) * rounding_unit, 10) for quantile in quantiles}
    bounds = tuple(sorted(quantile for quantile in rounded if known_values.min() < quantile <= known_values.max()))
    return Classification(bounds, pick_colours(SEQUENTIAL_PALETTES[theme], len(bounds) + 1))


def diverging_classes(values: Sequence[float], target: float, better: str | None, theme: str) -> Classification:
    """Classes of equal width on both sides of a target, coloured as worse or better.

    `better`: the direction of improvement (`up` or `down`). Outer classes without values are left out.
    """
    target = round(target, 10)  # as the bounds, of which it is one
    step = _round_step([abs(value - target) for value in values])
    bounds = [round(target + n * step, 10) for n in (-2, -1, 0, 1, 2)]
    return _trim_classes(bounds, list(_orient_palette(DIVERGING_PALETTES[theme], better)), values, target)


def change_classes(values: Sequence[float], better: str | None, theme: str) -> Classification:
    """Classes of equal width on both sides of no change, with a neutral one in the middle."""
    step = max(MIN_CHANGE_STEP, _round_step([abs(value) for value in values]))
    known_values = [value for value in values if not isnan(value)]
    if known_values and all(abs(value) < step / 2 for value in known_values):
        return Classification((), (NEUTRAL_COLOURS[theme],))
    colours = _orient_palette(DIVERGING_PALETTES[theme], better)
    class_colours = [colours[0], colours[1], NEUTRAL_COLOURS[theme], colours[4], colours[5]]
    return _trim_classes([round(n * step, 10) for n in (-1.5, -0.5, 0.5, 1.5)], class_colours, values, None)


def pick_colours(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """Pick `count` of the colours, as far apart as possible; a single one from the middle."""
    if count == 1:
        return (colours[len(colours) // 2],)
    return tuple(colours[round(index * (len(colours) - 1) / (count - 1))] for index in range(count))


def hex_to_rgb(colour: str) -> RgbColour:
    """Convert a colour such as `#1F5FBF` to red, green and blue, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrasting_text_colour(fill: str) -> RgbColour:
    """Nearly black or white, whichever has more contrast with a fill, by relative luminance.

    Source: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance.
    """
    red, green, blue = (_linear_channel(value / 255) for value in hex_to_rgb(fill))
    return (17, 24, 39) if 0.2126 * red + 0.7152 * green + 0.0722 * blue > MID_LUMINANCE else (255, 255, 255)


def _linear_channel(channel: float) -> float:
    return channel / 12.92 if channel <= MAX_LINEAR_CHANNEL else float(((channel + 0.055) / 1.055) ** 2.4)


def _orient_palette(colours: Sequence[str], better: str | None) -> Sequence[str]:
    return colours[::-1] if better == "down" else colours


def _round_step(distances: Sequence[float]) -> float:
    """A round class width of which 90 % of the distances are at most twice as large; 1 without distances."""
    known_distances = pd.Series([distance for distance in distances if not isnan(distance)], dtype=float)
    reach = float(known_distances.quantile(0.9)) / 2 if len(known_distances) else 0.0
    if reach <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(reach))
    return next(round(factor * unit, 10) for factor in (1, 2, 5, 10) if factor * unit >= reach)


def _trim_classes(
    bounds: list[float], colours: list[str], values: Sequence[float], target: float | None
) -> Classification:
    """Leave out outer classes without values; the bound at the target stays."""
    known_values = [value for value in values if not isnan(value)]
    while len(bounds) > 1 and bounds[0] != target and all(value >= bounds[0] for value in known_values):
        bounds, colours = bounds[1:], colours[1:]
    while len(bounds) > 1 and bounds[-1] != target and all(value < bounds[-1] for value in known_values):
        bounds, colours = bounds[:-1], colours[:-1]
    return Classification(tuple(bounds), tuple(colours), target)
