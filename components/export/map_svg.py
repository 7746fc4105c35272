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


def map_svg(deck: Row, look: str, width: int) -> str:
    """The map of a deck as SVG of that width."""
    points = [point for layer in deck["layers"] for point in _points(layer)]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1"/>'
    plane = Plane(points, width)
    drawn = "".join(part for layer in deck["layers"] for part in _layer(layer, plane, look))
    size = f'width="{width}" height="{plane.height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Liberation Sans">{drawn}</svg>'


def _rings(layer: Row) -> Iterator[tuple[Row, list[list[Spot]]]]:
    """Each area of a layer with its rings."""
    for one in layer["data"]:
        if "geometry" in one:
            for polygon in one["geometry"]["coordinates"]:
                yield one["properties"], polygon
        elif "polygon" in one:
            polygon = one["polygon"]
            yield one, polygon if isinstance(polygon[0][0], list) else [polygon]


def _points(layer: Row) -> Iterator[Spot]:
    """What has to be in sight: areas, or where there are none, points."""
    for _one, polygon in _rings(layer):
        yield from ((point[0], point[1]) for point in polygon[0])
    if layer["@@type"] in ROUND:
        yield from ((one["at"][0], one["at"][1]) for one in layer["data"])


def _layer(layer: Row, plane: Plane, look: str) -> Iterator[str]:
    kind = layer["@@type"]
    if kind in ("GeoJsonLayer", "PolygonLayer"):
        for one, polygon in _rings(layer):
            path = "".join(plane.path(ring) for ring in polygon)
            fill = _colour(one.get("fill") or layer.get("getFillColor"))
            yield f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{LINE[look]}" stroke-width="0.5"/>'
    elif kind == "LineLayer":
        path = "".join(f"M{plane.at(one['a'])}L{plane.at(one['b'])}" for one in layer["data"])
        yield f'<path d="{path}" fill="none" stroke="{LINE[look]}" stroke-width="1.2"/>'
    elif kind in ROUND:
        for one in layer["data"]:
            x, y = plane.at(one["at"]).split(",")
            radius = max(one["size"] * plane.scale, 5) if "size" in one else 3
            fill = _colour(one["fill"])
            yield f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{fill}" stroke="{EDGE[look]}" stroke-width="0.6"/>'
    elif kind == "TextLayer":
        yield from _texts(layer, plane, look)


def _texts(layer: Row, plane: Plane, look: str) -> Iterator[str]:
    """Names with a halo, so that they read on any colour; words on tiles in their own ink."""
    for one in layer["data"]:
        x, y = plane.at(one["at"]).split(",")
        lines = str(one.get("text", one.get("label", ""))).split("\n")
        own = one.get("ink")
        fill = _colour(own) if own else INK[look]
        halo = "" if own else f' stroke="{PAPER[look]}" stroke-width="3" paint-order="stroke" stroke-opacity="0.8"'
        for n, line in enumerate(lines):
            down = float(y) + 4 + (n - (len(lines) - 1) / 2) * (SIZE + 2)
            yield (
                f'<text x="{x}" y="{down:.1f}" text-anchor="middle" font-size="{SIZE - 1}" fill="{fill}"{halo}>'
                f"{escape(line)}</text>"
            )


def _colour(value: str | list[int] | None) -> str:
    if isinstance(value, str):
        return "rgb({},{},{})".format(*rgb(value))
    return "rgb({},{},{})".format(*value[:3]) if value else "none"
