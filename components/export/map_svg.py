"""A map as SVG: the same layers that the browser draws."""

from collections.abc import Iterator
from html import escape
from typing import Any

from components.maps.classification import rgb
from components.maps.labels import PAPER, SIZE
from components.maps.layers import EDGE, INK, LINE

Row = dict[str, Any]
Spot = tuple[float, float]
PAD = 10
# A map that has risen is written flat: from above, as it would lie.
ROUND = ("ScatterplotLayer", "ColumnLayer")


class Plane:
    """Kilometres as pixels of a picture that all of the map fits into."""

    def __init__(self, points: list[Spot], width: float) -> None:
        """The points that have to be in sight. Raises ValueError for none."""
        xs, ys = zip(*points, strict=True)
        self.left, self.top = min(xs), min(ys)
        self.scale = (width - 2 * PAD) / max(max(xs) - self.left, 1e-3)
        self.scale = min(self.scale, 0.8 * width / max(max(ys) - self.top, 1e-3))
        self.height = (max(ys) - self.top) * self.scale + 2 * PAD

    def at(self, point: Spot) -> str:
        """A point as SVG writes it."""
        return f"{(point[0] - self.left) * self.scale + PAD:.1f},{(point[1] - self.top) * self.scale + PAD:.1f}"

    def path(self, ring: list[Spot]) -> str:
        """A closed line."""
        return "M" + "L".join(self.at(point) for point in ring) + "Z"


def map_svg(deck: Row, theme: str, width: int) -> str:
    """The map of a deck as SVG of that width."""
    points = [point for layer in deck["layers"] for point in _points(layer)]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1"/>'
    viewport = Plane(points, width)
    shapes = "".join(shape for layer in deck["layers"] for shape in _layer(layer, viewport, theme))
    size = f'width="{width}" height="{viewport.height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Liberation Sans">{shapes}</svg>'


def _rings(layer: Row) -> Iterator[tuple[Row, list[list[Spot]]]]:
    """Each area of a layer with its rings."""
    for feature in layer["data"]:
        if "geometry" in feature:
            for polygon in feature["geometry"]["coordinates"]:
                yield feature["properties"], polygon
        elif "polygon" in feature:
            polygon = feature["polygon"]
            yield feature, polygon if isinstance(polygon[0][0], list) else [polygon]


def _points(layer: Row) -> Iterator[Spot]:
    """What has to be in sight: areas, or where there are none, points."""
    for _feature, polygon in _rings(layer):
        yield from ((point[0], point[1]) for point in polygon[0])
    if layer["@@type"] in ROUND:
        yield from ((feature["at"][0], feature["at"][1]) for feature in layer["data"])


def _layer(layer: Row, viewport: Plane, theme: str) -> Iterator[str]:
    kind = layer["@@type"]
    if kind in ("GeoJsonLayer", "PolygonLayer"):
        for feature, polygon in _rings(layer):
            path = "".join(viewport.path(ring) for ring in polygon)
            fill = _colour(feature.get("fill") or layer.get("getFillColor"))
            yield f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{LINE[theme]}" stroke-width="0.5"/>'
    elif kind == "LineLayer":
        path = "".join(f"M{viewport.at(feature['a'])}L{viewport.at(feature['b'])}" for feature in layer["data"])
        yield f'<path d="{path}" fill="none" stroke="{LINE[theme]}" stroke-width="1.2"/>'
    elif kind in ROUND:
        for feature in layer["data"]:
            x, y = viewport.at(feature["at"]).split(",")
            radius = max(feature["size"] * viewport.scale, 5) if "size" in feature else 3
            fill = _colour(feature["fill"])
            yield f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{fill}" stroke="{EDGE[theme]}" stroke-width="0.6"/>'
    elif kind == "TextLayer":
        yield from _texts(layer, viewport, theme)


def _texts(layer: Row, viewport: Plane, theme: str) -> Iterator[str]:
    """Names with a halo, so that they read on any colour; words on tiles in their own ink."""
    for feature in layer["data"]:
        x, y = viewport.at(feature["at"]).split(",")
        lines = str(feature.get("text", feature.get("label", ""))).split("\n")
        text_colour = feature.get("ink")
        fill = _colour(text_colour) if text_colour else INK[theme]
        halo = (
            ""
            if text_colour
            else f' stroke="{PAPER[theme]}" stroke-width="3" paint-order="stroke" stroke-opacity="0.8"'
        )
        for n, line in enumerate(lines):
            baseline = float(y) + 4 + (n - (len(lines) - 1) / 2) * (SIZE + 2)
            yield (
                f'<text x="{x}" y="{baseline:.1f}" text-anchor="middle" font-size="{SIZE - 1}" fill="{fill}"{halo}>'
                f"{escape(line)}</text>"
            )


def _colour(value: str | list[int] | None) -> str:
    if isinstance(value, str):
        return "rgb({},{},{})".format(*rgb(value))
    return "rgb({},{},{})".format(*value[:3]) if value else "none"
