"""Classes of a map: few, with round bounds that are written, in colours that colour-blind eyes tell apart."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isnan, log10

import pandas as pd

Colour = tuple[int, int, int]
CLASSES = 5
LEAST = 0.01  # of a change that is one: a hundredth, or a percentage point
HALF_LIGHT = 0.19  # black and white are as far from it
# From little to much; blue alone, so that lightness says it.
SEQUENTIAL = {
    "light": ("#D6E6F5", "#A5C8E8", "#69A1D6", "#3074B8", "#134078"),
    "dark": ("#23415F", "#2D6096", "#4A8CCB", "#86BAE9", "#D3E8FC"),
}
# From worse over the target (or no change) to better: orange to blue, far ends strongest.
DIVERGING = {
    "light": ("#8A3A00", "#D27A2C", "#F2C596", "#B9D7EE", "#619FD4", "#1C589A"),
    "dark": ("#FFB072", "#D07A32", "#77492A", "#2B4D70", "#4A8AC6", "#9CD0FF"),
}
MIDDLE = {"light": "#EFE9DA", "dark": "#57523F"}
FEW = {"light": "#B4BBC6", "dark": "#5C6878"}
NOTHING = {"light": "#F4F6F9", "dark": "#18212C"}


@dataclass(frozen=True)
class Classes:
    """Class n holds values from `bounds[n-1]` up to, not with, `bounds[n]`; it has the n-th of the colours."""

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    target: float | None = None

    def of(self, value: float) -> int:
        """The class of a value."""
        return bisect_right(self.bounds, value)


def sequential(values: Sequence[float], theme: str) -> Classes:
    """About as many values in each class, the bounds rounded."""
    sure = pd.Series([value for value in values if not isnan(value)], dtype=float)
    if sure.empty or sure.min() == sure.max():
        return Classes((), (SEQUENTIAL[theme][2],))
    many = min(CLASSES, int(sure.nunique()))
    cuts = sure.quantile([n / many for n in range(1, many)])
    unit = 10.0 ** (floor(log10(float(cuts.max() - cuts.min()) or float(sure.max() - sure.min()))) - 1)
    rounded = {round(round(cut / unit) * unit, 10) for cut in cuts}
    bounds = tuple(sorted(cut for cut in rounded if sure.min() < cut <= sure.max()))
    return Classes(bounds, spread(SEQUENTIAL[theme], len(bounds) + 1))


def diverging(values: Sequence[float], target: float, better: str | None, theme: str) -> Classes:
    """Even steps on both sides of the target, coloured as worse or better; classes beyond every value are left out."""
    step = _step([abs(value - target) for value in values])
    bounds = [round(target + n * step, 10) for n in (-2, -1, 0, 1, 2)]
    return _trimmed(bounds, list(_turned(DIVERGING[theme], better)), values, target)


def changes(values: Sequence[float], better: str | None, theme: str) -> Classes:
    """Even steps about no change, with a class of about none."""
    step = max(LEAST, _step([abs(value) for value in values]))
    sure = [value for value in values if not isnan(value)]
    if sure and all(abs(value) < step / 2 for value in sure):
        return Classes((), (MIDDLE[theme],))
    colours = _turned(DIVERGING[theme], better)
    middle = [colours[0], colours[1], MIDDLE[theme], colours[4], colours[5]]
    return _trimmed([round(n * step, 10) for n in (-1.5, -0.5, 0.5, 1.5)], middle, values, None)


def spread(colours: Sequence[str], n: int) -> tuple[str, ...]:
    """So many of the colours, as far apart as can be."""
    if n == 1:
        return (colours[len(colours) // 2],)
    return tuple(colours[round(at * (len(colours) - 1) / (n - 1))] for at in range(n))


def rgb(colour: str) -> Colour:
    """`#1F5FBF` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ink(fill: str) -> Colour:
    """Black or white, whichever reads better on a colour (by WCAG's relative luminance)."""
    red, green, blue = (_linear(value / 255) for value in rgb(fill))
    return (17, 24, 39) if 0.2126 * red + 0.7152 * green + 0.0722 * blue > HALF_LIGHT else (255, 255, 255)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 -- sRGB's own


def _turned(colours: Sequence[str], better: str | None) -> Sequence[str]:
    return colours[::-1] if better == "down" else colours


def _step(distances: Sequence[float]) -> float:
    """A round step of which most distances are at most two and a half."""
    sure = pd.Series([one for one in distances if not isnan(one)], dtype=float)
    far = float(sure.quantile(0.9)) / 2 if len(sure) else 0.0
    if far <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(far))
    return next(round(times * unit, 10) for times in (1, 2, 5, 10) if times * unit >= far)


def _trimmed(bounds: list[float], colours: list[str], values: Sequence[float], target: float | None) -> Classes:
    """Without the outer classes that hold no value; the target's own bound stays."""
    sure = [value for value in values if not isnan(value)]
    while len(bounds) > 1 and bounds[0] != target and all(value >= bounds[0] for value in sure):
        bounds, colours = bounds[1:], colours[1:]
    while len(bounds) > 1 and bounds[-1] != target and all(value < bounds[-1] for value in sure):
        bounds, colours = bounds[:-1], colours[:-1]
    return Classes(tuple(bounds), tuple(colours), target)
