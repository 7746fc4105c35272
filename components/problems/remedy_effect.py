"""The effect of a remedy: a sentence, what it rests on, and the weeks against those expected without it."""

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.theme import (
    NAMED_DATA,
    PALETTE_SCALE,
    DayAxisOptions,
    Spec,
    count_axis,
    day_axis,
    palette_colour,
    to_spec,
)
from components.charts.weeks import week_rows
from components.text.effect_text import effect_notes, effect_sentence
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.problems.remedy_effects import RemedyEffect

CHART_HEIGHT = 170
TONES = {"before": "muted", "raised": "bad", "left_out": "usual", "after": "received"}
AXIS = DayAxisOptions(8, 28, weekly=True)


def remedy_effect(effect: "RemedyEffect") -> None:
    """Say what the remedy changed or why that isn't known, and show the weeks where it is."""
    sentence, notes = effect_sentence(effect), effect_notes(effect)
    st.markdown(f":material/query_stats: {sentence}")
    if notes:
        st.caption(" ".join(notes))
    if effect.change is not None:
        show_chart(build_effect_chart(effect, sentence))
        st.caption(
            _(
                "Dots: appeals a week, grey before, red by the problem, pale left out, blue after the remedy. Line: "
                "expected without it, with its 95% band."
            )
        )


def build_effect_chart(effect: "RemedyEffect", sentence: str) -> Chart:
    """Dots of what was received in each week, the expected line with its band, and a rule at the remedy."""
    rows = week_rows(effect.weeks).assign(
        tone=effect.weeks["span"].map(TONES),
        expected_text=["—" if pd.isna(value) else formats.number(value, 1) for value in effect.weeks["expected"]],
        done=effect.done.isoformat(),
    )
    # One rule is enough.
    rows.loc[rows.index[1:], "done"] = None
    labels = (_("Week"), _("Received"), _("Expected"))
    return Chart(rows, effect_spec(current_language(), labels), CHART_HEIGHT, sentence)


@cache
def effect_spec(language: str, labels: tuple[str, str, str]) -> Spec:
    """Layers: the band, the expected line, a rule at the remedy, and a dot per week."""
    base = alt.Chart(NAMED_DATA).encode(x=day_axis(AXIS, show_labels=True))
    # Both are broken where weeks were left out, which have no value.
    band = base.mark_area(opacity=0.25).encode(
        y=alt.Y("low:Q", axis=count_axis(3)), y2="high:Q", color=palette_colour("usual")
    )
    line = base.mark_line(strokeDash=[4, 3], strokeWidth=2).encode(y="expected:Q", color=palette_colour("ink"))
    rule = (
        alt.Chart(NAMED_DATA)
        .transform_filter("isValid(datum.done)")
        .mark_rule(strokeWidth=1.5)
        .encode(x=alt.X("done:T"), color=palette_colour("ink"))
    )
    dots = base.mark_circle(size=36, opacity=1).encode(
        y="received:Q",
        color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
        tooltip=[
            alt.Tooltip(f"{field}:N", title=title)
            for field, title in zip(("days", "received", "expected_text"), labels, strict=True)
        ],
    )
    return to_spec(alt.layer(band, line, rule, dots), language)
