"""Whether those who hold most are late most: the overdue share of organisations against what they hold."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components import units
from components.chips import PICKED, clickable
from components.drawing import Drawing, put
from components.figures import FEW
from components.lines import spread
from components.live import empty
from components.plain import plain
from components.replay import replayed
from components.theme import COLOUR, DATA, Spec, finish, tint
from components.words import _, current

NAMED = 3
HEIGHT = 380


def load(rows: pd.DataFrame) -> None:
    """One point an organisation, as `drawn` says; a click on one narrows the page to it."""
    put(drawn(rows), **clickable("organisation", key="load"))


@replayed
def drawn(rows: pd.DataFrame) -> Drawing | None:
    """One point an organisation: what it holds, and which share of that is overdue; few in grey.

    `rows`: code, name, open, overdue, overdue_share, small.
    """
    if rows.empty:
        empty(_("Nothing is open with these filters."))
        return None
    sure = rows[~rows["small"]]
    worst = sure[sure["overdue"] > 0].nlargest(NAMED, "overdue_share")
    shown = rows.assign(
        tone=rows["small"].map({True: "muted", False: "received"}),
        size=rows["small"].map({True: 22, False: 75}),
        label=rows["name"].where(rows.index.isin(worst.index)),
        share=[units.percent(share, 1) for share in rows["overdue_share"]],
    )
    shown.loc[worst.index, "tone"] = "bad"
    heights = spread(dict(worst["overdue_share"].items()), 0.06 * float(rows["overdue_share"].max()))
    shown["height"] = pd.Series(heights, dtype=float).reindex(shown.index)
    first = worst.iloc[0] if len(worst) else None
    said = (
        _("Nobody holds enough to be compared")
        if sure.empty
        else _("Nobody who holds enough to be compared is late")
        if first is None
        else _("Most often late of those that can be compared: {name}, {share} of {n} open").format(
            name=first["name"], share=units.percent(first["overdue_share"], 1), n=units.number(first["open"])
        )
    )
    note = _("Grey: fewer than {n} open, too few to compare.").format(n=units.number(FEW))
    st.caption(f"{plain(said)}. {note}")
    words = (_("open appeals; each step doubles"), _("overdue share"), _("Open"), _("Overdue"))
    return Drawing(shown, points(current(), words), HEIGHT, said)


@cache
def points(language: str, words: tuple[str, str, str, str]) -> Spec:
    """Points with the worst of the comparable ones named."""
    base = alt.Chart(DATA).encode(
        x=alt.X(
            "open:Q",
            scale=alt.Scale(type="log", base=2, nice=False),
            axis=alt.Axis(title=words[0], grid=False, format=",d"),
        ),
        y=alt.Y(
            "overdue_share:Q", scale=alt.Scale(domainMin=0), axis=alt.Axis(title=words[1], format="%", tickCount=5)
        ),
    )
    dots = base.mark_point(filled=True, opacity=0.75, cursor="pointer").encode(
        size=alt.Size("size:Q", scale=None),
        color=alt.Color("tone:N", scale=COLOUR, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("open:Q", title=words[2], format=",.0f"),
            alt.Tooltip("overdue:Q", title=words[3], format=",.0f"),
            alt.Tooltip("share:N", title=words[1]),
        ],
    )
    dots = dots.add_params(alt.selection_point(name=PICKED, fields=["code"]))
    labels = (
        base.transform_filter("isValid(datum.label)")
        .mark_text(align="right", dx=-8, limit=260)
        .encode(y="height:Q", text="label:N", color=tint("ink"))
    )
    return finish(alt.layer(dots, labels, data=DATA), language)
