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
    by_fate = dict(zip(rows["fate"], rows["appeals"], strict=True))
    drawn = rows.assign(
        code=[f"fate-{fate}" for fate in rows["fate"]],
        name=[_(SAID[fate][0]) for fate in rows["fate"]],
        tone=[SAID[fate][1] for fate in rows["fate"]],
        amount=[f"{formats.number(n)} · {formats.percent(n / total)}" for n in rows["appeals"]],
    )
    said = _("Of {n} answers rated low or returned, {left} were left as they are; {good} were mended (4–5 at last).")
    said = said.format(
        n=formats.number(total),
        left=formats.percent(by_fate["closed"] / total),
        good=formats.percent(by_fate["good"] / total),
    )
    st.caption(said)
    return Drawing(drawn, bars(current()), ROW * len(drawn) + 10, said)


@cache
def bars(language: str) -> Spec:
    """Bars with their numbers at the ends."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=NAMES, maxExtent=NAMES))
    base = alt.Chart(DATA).encode(y=y)
    x = alt.X("appeals:Q", axis=None, scale=alt.Scale(domainMin=0, nice=False, range=[0, {"expr": "width - 110"}]))
    drawn = base.mark_bar(height=18, cornerRadiusEnd=2).encode(
        x=x, color=alt.Color("tone:N", scale=COLOUR, legend=None)
    )
    names = base.mark_text(align="left", limit=NAMES - 8).encode(x=alt.value(-NAMES), text="name:N", color=tint("ink"))
    numbers = base.mark_text(align="left", dx=6, fontWeight=600).encode(x=x, text="amount:N", color=tint("ink"))
    return finish(alt.layer(drawn, names, numbers, whole_row(base, NAMES, ROW - 4), data=DATA), language)
