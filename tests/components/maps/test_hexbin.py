"""Hexagons: each appeal in the one it lies in, and a legend that says what each colour stands for."""

from components.maps.classification import hex_to_rgb
from components.maps.hexbin import hexagon_corners, hexagon_layer


def test_each_point_is_counted_in_one_hexagon_and_the_legend_has_its_colour() -> None:
    places = [(0.0, 0.0)] * 7 + [(50.0, 0.0)] * 3 + [(0.0, 50.0), (50.0, 50.0)]
    states = ["overdue"] * 2 + ["open"] * 10
    layer, meant = hexagon_layer(places, states, 100.0, "light")
    tips = sorted(one["tip"] for one in layer.data)
    assert tips == ["1 appeal", "1 appeal", "3 appeals", "7 appeals\noverdue: 2"]
    colours = {tuple(hex_to_rgb(one.fill)): one.label for one in meant}
    said = {one["tip"].split(" ")[0]: colours[tuple(one["fill"])] for one in layer.data}
    assert said == {"1": "1–2", "3": "3 and over", "7": "3 and over"}


def test_all_alike_are_one_class() -> None:
    _layer, meant = hexagon_layer([(0.0, 0.0), (50.0, 50.0)], ["open", "open"], 100.0, "dark")
    assert [one.label for one in meant] == ["1 and over"]


def test_a_hexagon_has_its_middle_between_its_corners() -> None:
    xs, ys = zip(*hexagon_corners((0, 0), 2.0), strict=True)
    assert (round(sum(xs), 6), round(sum(ys), 6)) == (0, 0)
    assert max(ys) == 2.0
