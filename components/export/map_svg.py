"""A map as SVG, from the layers of the deck that the browser draws."""

from collections.abc import Iterator
from html import escape
from typing import Any

from components.maps.classification import hex_to_rgb
from components.maps.labels import BACKGROUND_COLOURS, FONT_SIZE
from components.maps.layers import EDGE_COLOURS, LINE_COLOURS, TEXT_COLOURS

JsonObject = dict[str, Any]
Point = tuple[float, float]
PADDING = 10
# An extruded map is drawn flat, seen from above.
POINT_LAYERS = ("ScatterplotLayer", "ColumnLayer")


class Viewport:
    """The conversion of a map's kilometres to pixels of a picture that shows all of it."""

    def __init__(self, points: list[Point], width: float) -> None:
        """Fit the points into a picture of this width in pixels. Raises ValueError without points."""
        xs, ys = zip(*points, strict=True)
        self.left, self.top = min(xs), min(ys)
        self.scale = (width - 2 * PADDING) / max(max(xs) - self.left, 1e-3)
        self.scale = min(self.scale, 0.8 * width / max(max(ys) - self.top, 1e-3))
        self.height = (max(ys) - self.top) * self.scale + 2 * PADDING

    def position(self, point: Point) -> str:
        """A point as `x,y` in pixels."""
        return f"{(point[0] - self.left) * self.scale + PADDING:.1f},{(point[1] - self.top) * self.scale + PADDING:.1f}"

    def path(self, ring: list[Point]) -> str:
        """A ring as an SVG path."""
        return "M" + "L".join(self.position(point) for point in ring) + "Z"


def map_svg(deck: JsonObject, theme: str, width: int) -> str:
    """The map of a deck (pydeck's JSON) as SVG of this width in pixels; empty without areas and points."""
    points = [point for layer in deck["layers"] for point in _extent_points(layer)]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1"/>'
    viewport = Viewport(points, width)
    shapes = "".join(shape for layer in deck["layers"] for shape in _layer_shapes(layer, viewport, theme))
    size = f'width="{width}" height="{viewport.height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Liberation Sans">{shapes}</svg>'


def _polygon_rings(layer: JsonObject) -> Iterator[tuple[JsonObject, list[list[Point]]]]:
    """The properties and rings of each polygon of a layer."""
    for feature in layer["data"]:
        if "geometry" in feature:
            for polygon in feature["geometry"]["coordinates"]:
                yield feature["properties"], polygon
        elif "polygon" in feature:
            polygon = feature["polygon"]
            yield feature, polygon if isinstance(polygon[0][0], list) else [polygon]


def _extent_points(layer: JsonObject) -> Iterator[Point]:
    """The outlines of a layer's areas, and the positions of its points: all have to be in the picture."""
    for _feature, polygon in _polygon_rings(layer):
        yield from ((point[0], point[1]) for point in polygon[0])
    if layer["@@type"] in POINT_LAYERS:
        yield from ((feature["at"][0], feature["at"][1]) for feature in layer["data"])


def _layer_shapes(layer: JsonObject, viewport: Viewport, theme: str) -> Iterator[str]:
    kind = layer["@@type"]
    if kind in ("GeoJsonLayer", "PolygonLayer"):
        for feature, polygon in _polygon_rings(layer):
            path = "".join(viewport.path(ring) for ring in polygon)
            fill = _css_colour(feature.get("fill") or layer.get("getFillColor"))
            stroke = f'stroke="{LINE_COLOURS[theme]}" stroke-width="0.5"'
            yield f'<path d="{path}" fill="{fill}" fill-rule="evenodd" {stroke}/>'
    elif kind == "LineLayer":
        path = "".join(
            f"M{viewport.position(feature['a'])}L{viewport.position(feature['b'])}" for feature in layer["data"]
        )
        width = 0.5 if layer["id"] == "hatching" else 1.2
        yield f'<path d="{path}" fill="none" stroke="{LINE_COLOURS[theme]}" stroke-width="{width}"/>'
    elif kind in POINT_LAYERS:
        for feature in layer["data"]:
            x, y = viewport.position(feature["at"]).split(",")
            radius = max(feature["size"] * viewport.scale, 5) if "size" in feature else 3
            fill = _css_colour(feature["fill"])
            stroke = f'stroke="{EDGE_COLOURS[theme]}" stroke-width="0.6"'
            yield f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{fill}" {stroke}/>'
    elif kind == "TextLayer":
        yield from _text_shapes(layer, viewport, theme)


def _text_shapes(layer: JsonObject, viewport: Viewport, theme: str) -> Iterator[str]:
    """Names with a halo, readable on any colour; texts on tiles in their own colour."""
    for feature in layer["data"]:
        x, y = viewport.position(feature["at"]).split(",")
        lines = str(feature.get("text", feature.get("label", ""))).split("\n")
        text_colour = feature.get("ink")
        fill = _css_colour(text_colour) if text_colour else TEXT_COLOURS[theme]
        halo = (
            ""
            if text_colour
            else f' stroke="{BACKGROUND_COLOURS[theme]}" stroke-width="3" paint-order="stroke" stroke-opacity="0.8"'
        )
        for n, line in enumerate(lines):
            baseline = float(y) + 4 + (n - (len(lines) - 1) / 2) * (FONT_SIZE + 2)
            place = f'x="{x}" y="{baseline:.1f}" text-anchor="middle"'
            yield f'<text {place} font-size="{FONT_SIZE - 1}" fill="{fill}"{halo}>{escape(line)}</text>'


def _css_colour(value: str | list[int] | None) -> str:
    if isinstance(value, str):
        return "rgb({},{},{})".format(*hex_to_rgb(value))
    return "rgb({},{},{})".format(*value[:3]) if value else "none"
