"""Hatching: lines clipped to shapes, on the same lines everywhere."""

from math import hypot

import pydeck as pdk
import pytest

from components.maps.hatching import circle_segments, hatch_layers, hatch_segments

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
HOLE = ((3.0, 3.0), (7.0, 3.0), (7.0, 7.0), (3.0, 7.0))


def area(segments: list[tuple[tuple[float, float], tuple[float, float]]], spacing: float) -> float:
    """What the lines cover, each as wide as the distance to the next."""
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in segments) * spacing


@pytest.mark.parametrize(("rings", "size"), [((SQUARE,), 100), ((SQUARE, HOLE), 84)])
def test_lines_cover_a_polygon_without_its_holes(rings: tuple[tuple[tuple[float, float], ...], ...], size: int) -> None:
    assert area(hatch_segments(rings, 0.1), 0.1) == pytest.approx(size, rel=0.01)


def test_lines_go_on_across_borders() -> None:
    right = tuple((x + 10, y) for x, y in SQUARE)
    ends = {b for _a, b in hatch_segments((SQUARE,), 1.0)}
    assert len([a for a, _b in hatch_segments((right,), 1.0) if a[0] == 10 and a in ends]) > 5


def test_chords_cover_a_circle() -> None:
    segments = circle_segments((3.0, -4.0), 5.0, 0.1)
    assert area(segments, 0.1) == pytest.approx(78.5, rel=0.01)
    assert all(hypot(x - 3, y + 4) == pytest.approx(5, abs=0.01) for segment in segments for x, y in segment)


def test_only_the_territories_named_are_hatched() -> None:
    tiles = [{"code": code, "polygon": list(SQUARE)} for code in ("A", "B")]
    layers = [pdk.Layer("PolygonLayer", tiles, id="tiles"), pdk.Layer("TextLayer", tiles, id="words")]
    (layer,) = hatch_layers(layers, {"B"}, list(SQUARE), "light")
    assert {line["code"] for line in layer.data} == {"B"}
    assert hatch_layers(layers, set(), list(SQUARE), "light") == []
