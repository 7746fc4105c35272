"""Sparklines of tiles, on scales that can't make a small change look like a large one.

A filled area is read by its height, so only counts have one, and theirs begins at zero (Tufte, The Visual Display of
Quantitative Information, on the lie factor). Shares and means have lines, which may begin elsewhere, on scales of a
least width. Streamlit's own sparkline always spans from the lowest to the highest value: its scale can't be set.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Literal

Unit = Literal["count", "share", "days", "ratio", "rating"]
Scale = tuple[float, float]
WIDTH, HEIGHT = 100, 34  # the height in pixels; the width is stretched to the tile's
MIN_SHARE_SPAN = 0.1
"""Five percentage points on each side: a fall of 0.3 points is 3 % of the height, about a pixel."""
MIN_RATING_SPAN = 1.0
"""Of the four from 1 to 5."""
MIN_RELATIVE_SPAN = 0.2
"""Of the middle, for days and ratios: a tenth on each side."""


def sparkline_scale(values: Sequence[float], unit: Unit) -> Scale:
    """The values at the lower and the upper edge: a count from 0, others at least the least width about their middle.

    Shares stay within 0 and 1, unless they are excesses over a share and go below 0.
    """
    low, high = min(values), max(values)
    if unit == "count":
        return min(low, 0.0), max(high, 1.0)
    middle = (low + high) / 2
    least_span = {"share": MIN_SHARE_SPAN, "rating": MIN_RATING_SPAN}.get(unit, MIN_RELATIVE_SPAN * abs(middle) or 1.0)
    half = max(high - low, least_span) / 2
    bottom, top = middle - half, middle + half
    if unit != "share" or low < 0:
        return bottom, top
    shift = max(0.0, -bottom) - max(0.0, top - 1.0)
    return bottom + shift, top + shift


def sparkline_image(values: Sequence[float], unit: Unit, label: str, colour: str) -> str:
    """A sparkline as an HTML image, as wide as its place; `label` is its alt text, `colour` as CSS has it.

    An image, since Streamlit removes SVG from the HTML of a page.
    """
    encoded = b64encode(sparkline_svg(values, unit, colour).encode()).decode()
    style = f"display:block;width:100%;height:{HEIGHT}px"
    text = escape(label)
    return f'<img src="data:image/svg+xml;base64,{encoded}" alt="{text}" title="{text}" style="{style}">'


def sparkline_svg(values: Sequence[float], unit: Unit, colour: str) -> str:
    """The drawing of a sparkline as SVG, stretched to its place."""
    points = sparkline_points(values, sparkline_scale(values, unit))
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    area = f'<polygon points="0,{HEIGHT} {line} {WIDTH},{HEIGHT}" fill="{colour}" fill-opacity="0.1"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -1 {WIDTH} {HEIGHT + 2}" preserveAspectRatio="none">'
        f"{area if unit == 'count' else ''}"
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"'
        ' stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )


def sparkline_points(values: Sequence[float], scale: Scale) -> list[tuple[float, float]]:
    """The points of the line, from left to right, in the units of the drawing; y grows downwards."""
    bottom, top = scale
    step = WIDTH / max(1, len(values) - 1)
    return [(round(n * step, 2), round(HEIGHT * (top - value) / (top - bottom), 2)) for n, value in enumerate(values)]
