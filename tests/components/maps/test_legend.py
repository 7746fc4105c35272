"""The legend of a map: one unit for all its bounds, and none beyond the most that a value can be."""

import pytest

from components.maps.classification import Classification
from components.maps.legend import class_range_label
from queries.metrics.catalogue import METRICS


@pytest.mark.parametrize(
    ("metric", "bounds", "labels"),
    [
        ("on_time_rate", (0.9, 1.0), ["below 90.0%", "90.0% – 100.0%", "100.0%"]),
        ("rating_mean", (4, 5), ["below 4.00", "4.00 – 5.00", "5.00"]),
        ("answer_mean", (0.19, 3), ["below 0.2 d", "0.2 d – 3.0 d", "3.0 d and over"]),
        ("answer_mean", (0.19, 0.52), ["below 4.6 h", "4.6 h – 12.5 h", "12.5 h and over"]),
        ("flow_ratio", (1,), ["below 1.00", "1.00 and over"]),
    ],
)
def test_ranges_of_values(metric: str, bounds: tuple[float, ...], labels: list[str]) -> None:
    classes = Classification(bounds, ("",) * (len(bounds) + 1))
    assert [class_range_label(n, classes, METRICS[metric], change=False) for n in range(len(labels))] == labels


def test_ranges_of_changes_go_beyond_all_of_it() -> None:
    classes = Classification((1.0,), ("", ""))
    assert class_range_label(1, classes, METRICS["received"], change=True) == "+100.0% and over"
    assert class_range_label(1, classes, METRICS["on_time_rate"], change=True) == "+100.0 pp and over"
