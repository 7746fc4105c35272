"""The table of a load run has nearest-rank quantiles, and a row for each kind of error."""

from collections import Counter

import pytest

from otklik.load.measurements import Measurements, quantile
from otklik.load.server_usage import ServerUsage


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 22)], 0.95, 20.0),
        ([7.0], 0.95, 7.0),
        ([], 0.95, None),
    ],
)
def test_a_quantile_is_one_of_the_values(values: list[float], share: float, expected: float | None) -> None:
    assert quantile(values, share) == expected


def test_the_table_tells_viewers_that_saw_nothing_and_each_kind_of_error() -> None:
    measurements = Measurements(
        [0.2, 0.4], [0.5], Counter({"ConnectionClosedError": 2}), received_bytes=1_500_000, unseen_changes=3
    )
    lines = measurements.table_lines(4, ServerUsage(0.5, 0.25, (300.0, 310.0, 320.0)))
    assert "| viewers, painted | 4, 2 |" in lines
    assert "| first paint, s: median / p95 | 0.20 / 0.40 |" in lines
    assert "| changes seen, not seen | 1, 3 |" in lines
    assert "| error: ConnectionClosedError | 2 |" in lines
    assert "| server: cores while they arrived, after that | 0.50, 0.25 |" in lines


def test_without_a_change_there_is_a_dash_and_no_server_of_another_machine() -> None:
    lines = Measurements().table_lines(1, None)
    assert "| commit to viewer, s: median / p95 | – |" in lines
    assert not any("server" in line for line in lines)
