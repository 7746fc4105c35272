"""A state has one colour, one sign and one place in an order, wherever it is shown."""

import colorsys
import re
from datetime import UTC, datetime

import pandas as pd
import pytest
import streamlit as st

from components import palette
from components.queue.table import state_styles
from components.tables.late_appeals import time_colour
from components.text.appeal_state import LEGEND_LABELS, STATE_LABELS, STATE_SIGNS


def hue(colour: str) -> float:
    """The hue of a CSS colour, in degrees."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lists_charts_and_legends_show_a_state_in_one_hue(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(palette, "current_theme", lambda: theme)
    for state, hours in (("overdue", 30.0), ("at_risk", -30.0)):
        queue_style = state_styles(pd.DataFrame({"state": [state]}), datetime.now(UTC))[0].removeprefix(
            "background-color: "
        )
        hues = {round(hue(colour)) for colour in (palette.state_colour(state), time_colour(hours), queue_style)}
        assert len(hues) == 1, state
    assert st.get_option(f"theme.{theme}.chartCategoricalColors")


def test_every_state_has_a_sign_a_colour_and_its_place() -> None:
    assert set(STATE_LABELS) == set(STATE_SIGNS) == set(palette.STATE_COLOURS) == set(palette.TINT_OPACITIES)
    assert len(set(STATE_SIGNS.values())) == len(STATE_SIGNS)
    assert list(LEGEND_LABELS) == [state for state in STATE_LABELS if state in LEGEND_LABELS]
