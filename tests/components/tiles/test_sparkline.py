"""A sparkline can't make a small change look like a large one."""

import pytest

from components.tiles.sparkline import HEIGHT, Unit, sparkline_image, sparkline_points, sparkline_scale, sparkline_svg

RATE = [0.938, 0.9375, 0.937, 0.936, 0.935]
"""A share that fell by 0.3 points."""


def fall(values: list[float], unit: Unit) -> float:
    """The height by which the line falls from its first to its last point, as a share of the drawing's."""
    points = sparkline_points(values, sparkline_scale(values, unit))
    return (points[-1][1] - points[0][1]) / HEIGHT


def test_a_fall_of_three_tenths_of_a_point_is_a_fall_of_three_hundredths() -> None:
    assert fall(RATE, "share") == pytest.approx(0.03, abs=0.005)
    # As it was, from the lowest to the highest value, it took the whole height.
    points = sparkline_points(RATE, (min(RATE), max(RATE)))
    assert (points[-1][1] - points[0][1]) / HEIGHT == pytest.approx(1)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0.90, 0.92], (0.86, 0.96)),
        ([0.99, 1.0], (0.9, 1.0)),
        ([0.0, 0.01], (0.0, 0.1)),
        ([0.2, 0.8], (0.2, 0.8)),
        ([0.5], (0.45, 0.55)),
        # An excess over a share, as that of the last day before deadlines.
        ([-0.2, 0.1], (-0.2, 0.1)),
        ([-0.01, 0.01], (-0.05, 0.05)),
    ],
)
def test_a_share_has_at_least_ten_points_within_those_that_there_are(
    values: list[float], scale: tuple[float, float]
) -> None:
    assert sparkline_scale(values, "share") == pytest.approx(scale)


@pytest.mark.parametrize(
    ("unit", "values", "least_span"), [("rating", [4.0, 4.01], 1.0), ("days", [5.0, 5.0], 1.0), ("ratio", [0.0], 1.0)]
)
def test_means_have_a_least_width_too(unit: Unit, values: list[float], least_span: float) -> None:
    bottom, top = sparkline_scale(values, unit)
    assert top - bottom == pytest.approx(least_span)


def test_only_counts_are_areas_and_these_begin_at_zero() -> None:
    assert sparkline_scale([1438.0, 1452.0], "count") == (0, 1452)
    assert fall([1452.0, 1438.0], "count") == pytest.approx(14 / 1452, abs=0.001)
    assert "polygon" in sparkline_svg([1438.0, 1452.0], "count", "")
    assert "polygon" not in sparkline_svg(RATE, "share", "")
    assert sparkline_points([0.0, 0.0], sparkline_scale([0.0, 0.0], "count")) == [(0, HEIGHT), (100, HEIGHT)]


def test_its_label_is_text() -> None:
    assert "<b>" not in sparkline_image(RATE, "share", '"<b>', "red")
