"""Names of rows, and the bars beside or below them, at any width of a chart."""

import json

import pytest

from components.charts.heatmap import heatmap_spec
from components.charts.name_column import bar_scale
from components.charts.open_by_state import open_by_state_spec
from components.charts.theme import Spec
from components.overview.chart_specs import ranking_spec
from components.regions.chart_specs import open_by_territory_spec
from components.resolution.observed_expected import observed_expected_spec
from components.resolution.stage_funnel import stage_funnel_spec
from components.satisfaction.low_rating_outcomes import outcome_bars_spec
from components.satisfaction.rating_specs import satisfaction_dot_spec

LABELS = ("one", "two", "three", "four")
SPECS = {
    "open by state": open_by_state_spec("en", LABELS[:3], 300),
    "ranking": ranking_spec("en", LABELS[:2], 300),
    "open by territory": open_by_territory_spec("en", LABELS, 300),
    "observed and expected": observed_expected_spec("en", (*LABELS, "five"), 300),
    "stages": stage_funnel_spec("en", LABELS[:2]),
    "outcomes": outcome_bars_spec("en"),
    "satisfaction": satisfaction_dot_spec("en", LABELS, 300, clickable=True),
    "heat map": heatmap_spec("en", LABELS[:2], "appeals"),
}


@pytest.mark.parametrize("width", [200, 318, 559, 560, 1400])
@pytest.mark.parametrize(("names_width", "right_margin"), [(300, 208), (165, 330)])
def test_bars_never_run_backwards(width: int, names_width: int, right_margin: int) -> None:
    start, stop = (_evaluate(end["expr"], width) for end in bar_scale(names_width, right_margin).to_dict()["range"])
    assert 0 <= start < stop <= width


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_names_take_no_fixed_room_from_a_narrow_chart(spec: Spec) -> None:
    text = json.dumps(spec)
    assert "minExtent" not in text.replace('"minExtent": 52', "")
    assert "width < 560" in text


@pytest.mark.parametrize("spec", [spec for name, spec in SPECS.items() if name != "heat map"])
def test_long_names_are_cut_in_the_middle_to_the_width(spec: Spec) -> None:
    assert "datum.name : slice(datum.name, 0, ceil(" in json.dumps(spec)


def _evaluate(expression: str, width: int) -> float:
    """The value of an expression of Vega: conditions, `max` and sums."""
    python = expression.replace("(width < 560 ? 0 : ", "(0 if width < 560 else ")
    value: float = eval(python, {"max": max, "width": width})  # noqa: S307 -- our own expression
    return value
