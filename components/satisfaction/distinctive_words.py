"""Words and pairs of words that distinguish appeals with low ratings from those with high ones."""

from functools import cache
from math import isfinite

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.text.escape import escape_markdown
from otklik.i18n import _, current_language, formats

ROW_HEIGHT = 24
MAX_QUOTED_WORDS = 3


@cached_render
def distinctive_words_chart(rows: pd.DataFrame) -> None:
    """Show one bar per word, to the right for low ratings, to the left for high ones.

    `rows`: queries.satisfaction.distinctive_words.distinctive_words.
    """
    if rows.empty:
        empty_state(
            _(
                "No words tell bad ratings from good here: too few are rated, or none differs beyond chance "
                "within a topic."
            )
        )
        return
    bad, good = rows[rows["z"] > 0], rows[rows["z"] < 0][::-1]
    sentences = [
        text.format(words=", ".join(f"“{word}”" for word in word_rows["word"].head(MAX_QUOTED_WORDS)))
        for text, word_rows in (
            (_("More often in appeals rated 1–2: {words}."), bad),
            (_("More often in those rated 4–5: {words}."), good),
        )
        if len(word_rows)
    ]
    text = " ".join(sentences)
    st.caption(escape_markdown(text))
    display_rows = rows.drop(columns="odds_ratio").assign(
        name=rows["word"],
        tone=(rows["z"] > 0).map({True: "bad", False: "good"}),
        odds=[formats.number(ratio, 2) if isfinite(ratio) else "∞" for ratio in rows["odds_ratio"]],
        amount=[f"{formats.number(b)} : {formats.number(g)}" for b, g in zip(rows["bad"], rows["good"], strict=True)],
    )
    labels = (_("how far apart, in standard deviations"), _("appeals rated 1–2 : 4–5"), _("odds ratio within topics"))
    show_chart(
        Chart(
            display_rows,
            distinctive_words_spec(current_language(), labels),
            ROW_HEIGHT * len(display_rows) + 80,
            text,
        )
    )
    st.caption(
        _(
            "Compared within each topic (Mantel–Haenszel), up to 4,000 appeals of each rating; of the words shown, at "
            "most 5% are chance. Words in fewer than 10 appeals and names are left out."
        )
    )


@cache
def distinctive_words_spec(language: str, labels: tuple[str, str, str]) -> Spec:
    """Bars to both sides of 0, the words at the left, the counts of appeals at the right."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, ticks=False, minExtent=150, maxExtent=150))
    base = alt.Chart(NAMED_DATA).encode(y=y)
    scale = alt.Scale(range=[0, {"expr": "width - 110"}])
    bar_layer = base.mark_bar(height=13, cornerRadiusEnd=2).encode(
        x=alt.X("z:Q", scale=scale, axis=alt.Axis(title=labels[0].split(", "), tickCount=5)),
        color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("z:Q", title=labels[0], format=".1f"),
            alt.Tooltip("amount:N", title=labels[1]),
            alt.Tooltip("odds:N", title=labels[2]),
        ],
    )
    name_layer = base.mark_text(align="left", limit=142).encode(
        x=alt.value(-150), text="name:N", color=palette_colour("ink")
    )
    count_layer = base.mark_text(align="right").encode(
        x=alt.value("width"), text="amount:N", color=palette_colour("muted")
    )
    return to_spec(alt.layer(bar_layer, name_layer, count_layer, data=NAMED_DATA), language)
