"""Who holds what is open: bars of appeals within their time, at risk and overdue."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components import units
from components.chips import clickable
from components.drawing import Drawing, put
from components.live import empty
from components.replay import replayed
from components.specs import whole_row
from components.theme import DATA, Spec, finish, tint
from components.words import _, current

NAMES = 236  # pixels left of the bars, as in other rankings
ROW = 32
ROOM = 78  # pixels for a column of numbers


def standing(rows: pd.DataFrame, what: str, narrows: str) -> None:
    """Names by what is open, as `drawn` says; a click on one narrows the page to it by the filter `narrows`."""
    put(drawn(rows, what), **clickable(narrows))


@replayed
def drawn(rows: pd.DataFrame, what: str) -> Drawing | None:
    """Names by what is open, each bar in three parts, the numbers of the late parts beside it.

    `rows`: code, name, open, within, at_risk, overdue; most open first.
    """
    if rows.empty:
        empty(_("Nothing is open with these filters."))
        return None
    words = (_("Open"), _("At risk"), _("Overdue"))
    st.markdown(f":small[:blue[■] {_('within time')} &nbsp; :orange[■] {_('at risk')} &nbsp; :red[■] {_('overdue')}]")
    first = rows.iloc[0]
    worst = rows.iloc[int(rows["overdue"].to_numpy().argmax())]
    said = _("{what}: most open in {name}, {n}; most overdue in {other}, {m}").format(
        what=what,
        name=first["name"],
        n=units.number(first["open"]),
        other=worst["name"],
        m=units.number(worst["overdue"]),
    )
    late = {name: [units.number(n) if n else "–" for n in rows[name]] for name in ("at_risk", "overdue")}
    return Drawing(
        rows.assign(
            amount=[units.number(n) for n in rows["open"]],
            risk_amount=late["at_risk"],
            late_amount=late["overdue"],
            risk_from=rows["within"],
            risk_to=rows["within"] + rows["at_risk"],
        ),
        bars(current(), words),
        ROW * len(rows) + 30,
        said,
    )


@cache
def bars(language: str, words: tuple[str, str, str]) -> Spec:
    """Bars in three parts; to their right what is open, and the numbers at risk and overdue."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=NAMES, maxExtent=NAMES))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("open:Q", title=words[0], format=",.0f"),
        alt.Tooltip("at_risk:Q", title=words[1], format=",.0f"),
        alt.Tooltip("overdue:Q", title=words[2], format=",.0f"),
    ]
    base = alt.Chart(DATA).encode(y=y, tooltip=tooltip)
    scale = alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"width - {2 * ROOM + 52}"}])
    parts = [
        base.mark_bar(height=16, opacity=opacity).encode(
            x=alt.X(start, axis=None, scale=scale), x2=end, color=tint(colour)
        )
        # Apart by lightness too, for who can't tell orange from red.
        for start, end, colour, opacity in (
            ("zero:Q", "within:Q", "received", 0.85),
            ("risk_from:Q", "risk_to:Q", "closed", 0.6),
            ("risk_to:Q", "open:Q", "bad", 1.0),
        )
    ]
    names = base.mark_text(align="left", limit=NAMES - 8).encode(x=alt.value(-NAMES), text="name:N", color=tint("ink"))
    amounts = base.mark_text(align="left", dx=6, fontWeight=600).encode(
        x=alt.X("open:Q", axis=None, scale=scale), text="amount:N", color=tint("ink")
    )
    columns = [("width", "late_amount:N", "bad", words[2]), (f"width - {ROOM}", "risk_amount:N", "closed", words[1])]
    numbers = [
        base.mark_text(align="right").encode(x=alt.value(alt.expr(at)), text=text, color=tint("ink"))
        for at, text, _colour, _word in columns
    ]
    first = alt.Chart(DATA).transform_window(row="row_number()").transform_filter("datum.row == 1")
    heads = [
        first.mark_text(align="right", baseline="bottom", dy=-14, fontSize=12).encode(
            x=alt.value(alt.expr(at)), y=alt.value(8), text=alt.datum(word), color=tint(colour)
        )
        for at, _text, colour, word in columns
    ]
    chart = alt.layer(*parts, names, amounts, *numbers, *heads, whole_row(base, NAMES), data=DATA).transform_calculate(
        zero="0"
    )
    return finish(chart, language)
