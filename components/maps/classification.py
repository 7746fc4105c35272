"""Classes of a map: few, with round bounds that are written, in colours that colour-blind eyes tell apart."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isnan, log10

import pandas as pd

RgbColour = tuple[int, int, int]
MAX_CLASSES = 5
MIN_CHANGE_STEP = 0.01  # of a change that is one: a hundredth, or a percentage point
MID_LUMINANCE = 0.19  # black and white are as far from it
# From little to much; blue alone, so that lightness says it.
SEQUENTIAL_PALETTES = {
    "light": ("#D6E6F5", "#A5C8E8", "#69A1D6", "#3074B8", "#134078"),
    "dark": ("#23415F", "#2D6096", "#4A8CCB", "#86BAE9", "#D3E8FC"),
}
# From worse over the target (or no change) to better: orange to blue, far ends strongest.
DIVERGING_PALETTES = {
    "light": ("#8A3A00", "#D27A2C", "#F2C596", "#B9D7EE", "#619FD4", "#1C589A"),
    "dark": ("#FFB072", "#D07A32", "#77492A", "#2B4D70", "#4A8AC6", "#9CD0FF"),
}
NEUTRAL_COLOURS = {"light": "#EFE9DA", "dark": "#57523F"}
FEW_CASES_COLOURS = {"light": "#B4BBC6", "dark": "#5C6878"}
NO_DATA_COLOURS = {"light": "#F4F6F9", "dark": "#18212C"}


@dataclass(frozen=True)
class Classification:
    """Class n holds values from `bounds[n-1]` up to, not with, `bounds[n]`; it has the n-th of the colours."""

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    target: float | None = None

    def class_index(self, value: float) -> int:
        """The class of a value."""
        return bisect_right(self.bounds, value)


def sequential_classes(values: Sequence[float], theme: str) -> Classification:
    """About as many values in each class, the bounds rounded."""
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
    """Even steps on both sides of the target, coloured as worse or better; classes beyond every value are left out."""
    step = _round_step([abs(value - target) for value in values])
    bounds = [round(target + n * step, 10) for n in (-2, -1, 0, 1, 2)]
    return _trim_classes(bounds, list(_orient_palette(DIVERGING_PALETTES[theme], better)), values, target)


def change_classes(values: Sequence[float], better: str | None, theme: str) -> Classification:
    """Even steps about no change, with a class of about none."""
    step = max(MIN_CHANGE_STEP, _round_step([abs(value) for value in values]))
    known_values = [value for value in values if not isnan(value)]
    if known_values and all(abs(value) < step / 2 for value in known_values):
        return Classification((), (NEUTRAL_COLOURS[theme],))
    colours = _orient_palette(DIVERGING_PALETTES[theme], better)
    class_colours = [colours[0], colours[1], NEUTRAL_COLOURS[theme], colours[4], colours[5]]
    return _trim_classes([round(n * step, 10) for n in (-1.5, -0.5, 0.5, 1.5)], class_colours, values, None)


def pick_colours(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """So many of the colours, as far apart as can be."""
    if count == 1:
        return (colours[len(colours) // 2],)
    return tuple(colours[round(index * (len(colours) - 1) / (count - 1))] for index in range(count))


def hex_to_rgb(colour: str) -> RgbColour:
    """`#1F5FBF` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrasting_text_colour(fill: str) -> RgbColour:
    """Black or white, whichever reads better on a colour (by WCAG's relative luminance)."""
    red, green, blue = (_linear_channel(value / 255) for value in hex_to_rgb(fill))
    return (17, 24, 39) if 0.2126 * red + 0.7152 * green + 0.0722 * blue > MID_LUMINANCE else (255, 255, 255)


def _linear_channel(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _orient_palette(colours: Sequence[str], better: str | None) -> Sequence[str]:
    return colours[::-1] if better == "down" else colours


def _round_step(distances: Sequence[float]) -> float:
    """A round step of which most distances are at most two and a half."""
    known_distances = pd.Series([distance for distance in distances if not isnan(distance)], dtype=float)
    reach = float(known_distances.quantile(0.9)) / 2 if len(known_distances) else 0.0
    if reach <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(reach))
    return next(round(factor * unit, 10) for factor in (1, 2, 5, 10) if factor * unit >= reach)


def _trim_classes(
    bounds: list[float], colours: list[str], values: Sequence[float], target: float | None
) -> Classification:
    """Without the outer classes that hold no value; the target's own bound stays."""
    known_values = [value for value in values if not isnan(value)]
    while len(bounds) > 1 and bounds[0] != target and all(value >= bounds[0] for value in known_values):
        bounds, colours = bounds[1:], colours[1:]
    while len(bounds) > 1 and bounds[-1] != target and all(value < bounds[-1] for value in known_values):
        bounds, colours = bounds[:-1], colours[:-1]
    return Classification(tuple(bounds), tuple(colours), target)
