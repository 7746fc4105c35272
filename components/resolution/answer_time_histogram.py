"""How long answers took, day by day, with the middle, the slowest tenth and the target marked."""

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.theme import DATA, Spec, finish, tint, whole
from components.layout.panel import empty
from components.render_cache import replayed
from otklik.i18n import _, current, formats

if TYPE_CHECKING:
    from queries.metrics.metric import Figure

HEIGHT = 270


@replayed
def answer_times(rows: pd.DataFrame, marks: tuple[float | None, ...], mean: "Figure") -> None:
    """Bars of the appeals answered on each day after the receipt; the last bar holds all slower ones.

    `rows`: day, appeals. `marks`: median and 90th percentile; `mean`: the figure whose target is marked.
    """
    target = mean.target or 0.0
    median, slowest = marks
    if median is None or slowest is None:
        empty(_("Nothing was closed in these days with these filters."))
        return
    last = int(rows["day"].iloc[-1])
    said = _("Half were answered within {median}, 90 % within {slowest}; the target for the mean is {target}").format(
        median=formats.days(median), slowest=formats.days(slowest), target=formats.days(target)
    )
    st.caption(said)
    drawn = rows.assign(
        next=rows["day"] + 1,
        middle=rows["day"] + 0.5,
        amount=[_("about {n}").format(n=formats.number(n)) for n in rows["appeals"].round()],
        span=[
            _("day {n}").format(n=formats.number(day + 1))
            if day < last
            else _("after {n} days").format(n=formats.number(last))
            for day in rows["day"]
        ],
    )
    drawn["at"] = pd.Series([min(median, last + 0.5), min(slowest, last + 0.5), target], rows.index[:3])
    drawn["word"] = pd.Series([_("half"), _("90 %"), _("target")], rows.index[:3])
    words = (_("days after the receipt"), _("appeals"))
    st.vega_lite_chart(drawn, histogram(current(), words, last), height=HEIGHT, alt=said)


@cache
def histogram(language: str, words: tuple[str, str], last: int) -> Spec:
    """Bars a day wide; dashed rules with their words at the top."""
    base = alt.Chart(DATA)
    x = alt.X(
        "day:Q",
        bin="binned",
        scale=alt.Scale(domain=[0, last + 1], nice=False),
        axis=alt.Axis(title=words[0], values=list(range(0, last + 1, 5)), format="d", grid=False),
    )
    tooltip = [alt.Tooltip("span:N", title=" "), alt.Tooltip("amount:N", title=words[1])]
    bars = base.mark_bar(binSpacing=1, opacity=0.85).encode(
        x=x, x2="next:Q", y=alt.Y("appeals:Q", axis=whole()), color=tint("received"), tooltip=tooltip
    )
    marked = base.transform_filter("isValid(datum.at)")
    marked = marked.transform_window(row="row_number()")
    layers: list[alt.Chart] = []
    for row in range(3):
        # A rule begins beside its word, so that none crosses another's.
        top, one = 4 + 17 * row, marked.transform_filter(f"datum.row == {row + 1}").encode(x="at:Q", color=tint("ink"))
        layers += [
            one.mark_rule(strokeDash=[5, 3], strokeWidth=1.5).encode(y=alt.value(top), y2=alt.value("height")),
            one.mark_text(align="left", dx=5, fontWeight=600, baseline="top").encode(y=alt.value(top), text="word:N"),
        ]
    return finish(alt.layer(bars, *layers, data=DATA), language)
