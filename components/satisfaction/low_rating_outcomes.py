"""Bars of the outcomes of low ratings."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.interaction import filter_on_click, row_click_layer
from components.charts.name_column import bar_height, bar_scale, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from otklik.i18n import N_, _, current_language, formats

NAME_WIDTH = 270
ROW_HEIGHT = 34
# By outcome of queries.satisfaction.low_rating_outcomes: the label, and the colour's name in the palette.
OUTCOME_LABELS = {
    "closed": (N_("left as it is"), "bad"),
    "open": (N_("open again now"), "usual"),
    "unrated": (N_("answered again, not rated since"), "received"),
    "low": (N_("answered again, rated 1–2 again"), "bad"),
    "middling": (N_("answered again, then rated 3"), "usual"),
    "good": (N_("answered again, then rated 4–5"), "good"),
}


def low_rating_outcomes_chart(rows: pd.DataFrame) -> None:
    """Show how many low ratings had each outcome; a click on one lists the answers.

    `rows`: queries.satisfaction.low_rating_outcomes.outcome_counts.
    """
    show_chart(build_low_rating_outcomes(rows), **filter_on_click("answers", key="fates"))


@cached_render
def build_low_rating_outcomes(rows: pd.DataFrame) -> Chart | None:
    """Build the bars with a summary above them; None (and an empty state) without low ratings.

    `rows`: queries.satisfaction.low_rating_outcomes.outcome_counts.
    """
    total = int(rows["appeals"].sum())
    if not total:
        empty_state(_("No answer was rated 1 or 2 in these days with these filters."))
        return None
    counts_by_outcome = dict(zip(rows["fate"], rows["appeals"], strict=True))
    display_rows = rows.assign(
        code=[f"fate-{outcome}" for outcome in rows["fate"]],
        name=[_(OUTCOME_LABELS[outcome][0]) for outcome in rows["fate"]],
        tone=[OUTCOME_LABELS[outcome][1] for outcome in rows["fate"]],
        amount=[f"{formats.number(n)} · {formats.percent(n / total)}" for n in rows["appeals"]],
    )
    alt_text = _(
        "Of {n} answers rated low or returned, {left} were left as they are; {good} were mended (4–5 at last)."
    )
    alt_text = alt_text.format(
        n=formats.number(total),
        left=formats.percent(counts_by_outcome["closed"] / total),
        good=formats.percent(counts_by_outcome["good"] / total),
    )
    st.caption(alt_text)
    return Chart(display_rows, outcome_bars_spec(current_language()), ROW_HEIGHT * len(display_rows) + 10, alt_text)


@cache
def outcome_bars_spec(language: str) -> Spec:
    """Bars with their counts at the ends; a click anywhere in a row selects it."""
    base = alt.Chart(NAMED_DATA).encode(y=named_rows_y())
    x = alt.X("appeals:Q", axis=None, scale=bar_scale(NAME_WIDTH, 110, domainMin=0, nice=False))
    bar_layer = base.mark_bar(height=bar_height(18), yOffset=row_offset(), cornerRadiusEnd=2).encode(
        x=x, color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None)
    )
    count_layer = base.mark_text(align="left", dx=6, yOffset=row_offset(), fontWeight=600).encode(
        x=x, text="amount:N", color=palette_colour("ink")
    )
    return to_spec(
        alt.layer(
            bar_layer, name_layer(base, NAME_WIDTH), count_layer, row_click_layer(base, ROW_HEIGHT - 4), data=NAMED_DATA
        ),
        language,
    )
