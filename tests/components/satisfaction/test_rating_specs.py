"""The charts of ratings."""

import re
from itertools import pairwise
from typing import Any

import pytest
import vl_convert

from components.satisfaction.rating_specs import COVERAGE_HEIGHT, coverage_spec, satisfaction_trend_spec

LINE_HEIGHT = 15  # pixels that a browser takes for a label
DAYS_HEIGHT = 63  # pixels of the days below it
TICK_LABEL = re.compile(r'translate\([-\d.]+,([-\d.]+)\)"[^>]*>(\d+)%<')


def test_the_points_of_the_trend_lie_on_its_line() -> None:
    spec = satisfaction_trend_spec("en", ("Satisfaction", "Rated", "Ratings", "target"))
    y_by_mark = {layer["mark"]["type"]: layer["encoding"]["y"] for layer in spec["layer"] if "y" in layer["encoding"]}
    assert y_by_mark["point"] == y_by_mark["line"]
    assert {y.get("type") for y in y_by_mark.values()} == {"quantitative"}


@pytest.mark.parametrize("highest", [0.02, 0.24, 0.4, 0.5, 0.6, 0.63, 0.8, 1.0])
def test_shares_at_the_axis_of_a_low_chart_keep_apart(highest: float) -> None:
    """A day of few answers, of which 60 % were rated, has 0, 20, 40 and 60 % at the axis."""
    rows = [
        {"day": f"2026-11-{day:02}", "date": "", "coverage": highest * day / 28, "covered": ""} for day in range(1, 29)
    ]
    height = COVERAGE_HEIGHT - DAYS_HEIGHT
    spec: dict[str, Any] = coverage_spec("en", "Rated") | {"data": {"values": rows}, "height": height}
    heights = sorted(float(top) for top, _ in TICK_LABEL.findall(vl_convert.vegalite_to_svg(spec)))
    assert len(heights) > 1
    assert all(later - earlier >= LINE_HEIGHT for earlier, later in pairwise(heights))
