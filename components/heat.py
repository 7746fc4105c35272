"""Tables whose cells are shaded by their numbers: rows by columns, with the sums of both."""

from functools import cache
from typing import Literal

import altair as alt
import pandas as pd
import streamlit as st

from components import units
from components.live import empty
from components.replay import replayed
from components.theme import DATA, Spec, finish, tint
from components.words import _, current

NAMES = 210  # pixels left of the cells
ROW = 30
KINDS: tuple[tuple[str, Literal[400, 700]], ...] = (("cell", 400), ("sum", 700))


@replayed
def heat(cells: pd.DataFrame, columns: list[str], words: tuple[str, str], alt_text: str) -> None:
    """Cells by row and column, both in their order, with a sum below each column and after each row.

    `cells`: row, column, appeals; those that are missing are empty. `words`: what a row and a column are.
    """
    if cells.empty:
        empty(_("Nothing is open with these filters."))
        return
    wide = cells.pivot_table(index="row", columns="column", values="appeals", aggfunc="sum", sort=False, fill_value=0)
    wide = wide.reindex(columns=columns, fill_value=0)
    whole = _("All")
    wide[whole] = wide.sum(axis="columns")
    wide.loc[whole] = wide.sum()
    rows = wide.rename_axis("row").reset_index().melt("row", var_name="column", value_name="appeals")
    is_sum = (rows["row"] == whole) | (rows["column"] == whole)
    rows = rows.assign(
        amount=[units.number(n) if n else "" for n in rows["appeals"]],
        shade=rows["appeals"].where(~is_sum, 0),
        weight=is_sum.map({True: "sum", False: "cell"}),
    )
    st.vega_lite_chart(rows, table(current(), words, _("appeals")), height=ROW * len(wide) + 34, alt=alt_text)


@cache
def table(language: str, words: tuple[str, str], counted: str) -> Spec:
    """Shaded cells with their numbers; the ink stays readable on the darkest."""
    base = alt.Chart(DATA).encode(
        y=alt.Y(
            "row:N",
            sort=None,
            axis=alt.Axis(
                title=None,
                ticks=False,
                domain=False,
                labelLimit=NAMES,
                minExtent=NAMES,
                maxExtent=NAMES,
                labelFontSize=13,
            ),
            scale=alt.Scale(paddingInner=0.06),
        ),
        x=alt.X(
            "column:N",
            sort=None,
            axis=alt.Axis(
                title=None, orient="top", ticks=False, domain=False, labelAngle=0, labelLimit=110, labelOverlap=False
            ),
            scale=alt.Scale(paddingInner=0.03),
        ),
        tooltip=[
            alt.Tooltip("row:N", title=words[0]),
            alt.Tooltip("column:N", title=words[1]),
            alt.Tooltip("amount:N", title=counted),
        ],
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=tint("received"),
        opacity=alt.Opacity("shade:Q", scale=alt.Scale(range=[0.03, 0.5], domainMin=0, nice=False), legend=None),
    )
    layers = [
        base.transform_filter(alt.datum.weight == kind)
        .mark_text(fontWeight=weight)
        .encode(text="amount:N", color=tint("ink"))
        for kind, weight in KINDS
    ]
    return finish(alt.layer(cells, *layers, data=DATA), language)
