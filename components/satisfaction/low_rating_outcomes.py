"""What became of low ratings, in bars."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Drawing, put
from components.charts.theme import COLOUR, DATA, Spec, finish, tint
from components.filters.chips import clickable
from components.layout.panel import empty
from components.overview.chart_specs import whole_row
from components.render_cache import replayed
from otklik.i18n import N_, _, current, formats

NAMES = 270
ROW = 34
SAID = {
    "closed": (N_("left as it is"), "bad"),
    "open": (N_("open again now"), "usual"),
    "unrated": (N_("answered again, not rated since"), "received"),
    "low": (N_("answered again, rated 1–2 again"), "bad"),
    "middling": (N_("answered again, then rated 3"), "usual"),
    "good": (N_("answered again, then rated 4–5"), "good"),
}


def fates(rows: pd.DataFrame) -> None:
    """How many low ratings came to each end; a click on one opens them. `rows`: queries.satisfaction.low_rating_outcomes.of_low_ratings."""
    put(drawing(rows), **clickable("answers", key="fates"))


@replayed
def drawing(rows: pd.DataFrame) -> Drawing | None:
    """The chart of `fates`."""
    total = int(rows["appeals"].sum())
    if not total:
        empty(_("No answer was rated 1 or 2 in these days with these filters."))
        return None
    counts_by_outcome = dict(zip(rows["fate"], rows["appeals"], strict=True))
    display_rows = rows.assign(
        code=[f"fate-{outcome}" for outcome in rows["fate"]],
        name=[_(SAID[outcome][0]) for outcome in rows["fate"]],
        tone=[SAID[outcome][1] for outcome in rows["fate"]],
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
    return Drawing(display_rows, bars(current()), ROW * len(display_rows) + 10, alt_text)


@cache
def bars(language: str) -> Spec:
    """Bars with their numbers at the ends."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=NAMES, maxExtent=NAMES))
    base = alt.Chart(DATA).encode(y=y)
    x = alt.X("appeals:Q", axis=None, scale=alt.Scale(domainMin=0, nice=False, range=[0, {"expr": "width - 110"}]))
    bar_layer = base.mark_bar(height=18, cornerRadiusEnd=2).encode(
        x=x, color=alt.Color("tone:N", scale=COLOUR, legend=None)
    )
    name_layer = base.mark_text(align="left", limit=NAMES - 8).encode(
        x=alt.value(-NAMES), text="name:N", color=tint("ink")
    )
    count_layer = base.mark_text(align="left", dx=6, fontWeight=600).encode(x=x, text="amount:N", color=tint("ink"))
    return finish(alt.layer(bar_layer, name_layer, count_layer, whole_row(base, NAMES, ROW - 4), data=DATA), language)
