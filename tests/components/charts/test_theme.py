"""What all charts share, as a browser draws it."""

import re

import altair as alt
import pytest
import vl_convert

from components.charts.theme import NAMED_DATA, Spec, to_spec
from components.overview.chart_specs import hourly_spec

UNNAMED = re.compile(r'<g class="mark-[^>]*role="graphics-symbol"(?![^>]*aria-label)[^>]*>')
"""What a screen reader announces as a picture, and can't say of what."""


def drawn(spec: Spec, rows: list[dict[str, object]]) -> str:
    # The locale is Vega's, unknown to this renderer.
    config = {name: value for name, value in spec["config"].items() if name != "locale"}
    return vl_convert.vegalite_to_svg({**spec, "config": config, "data": {"values": rows}})


def bars_by_state() -> Spec:
    base = alt.Chart(NAMED_DATA).encode(x="hour:O", y="today:Q")
    return to_spec(alt.layer(base.mark_point(), base.mark_bar().transform_filter("datum.over"), data=NAMED_DATA), "en")


@pytest.mark.parametrize("spec", [bars_by_state(), hourly_spec("en", ("today", "low", "high"))])
@pytest.mark.parametrize("over", [(True, True), (True, False), (False, False)])
def test_a_layer_without_rows_is_no_picture_without_a_name(spec: Spec, over: tuple[bool, bool]) -> None:
    rows: list[dict[str, object]] = [
        {"hour": hour, "today": 3, "usual": 2, "usual_low": 1, "usual_high": 4, "clock": f"{hour}:00", "over": is_over}
        for hour, is_over in enumerate(over)
    ]
    svg = drawn(spec, rows)
    assert 'role="graphics-object"' in svg
    assert UNNAMED.findall(svg) == []
