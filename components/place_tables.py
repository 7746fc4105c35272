"""Territories and organisations in a table: every figure beside the others, few cases in grey."""

from collections.abc import Mapping
from functools import partial
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import units
from components.figures import FEW, in_unit
from components.live import empty
from components.words import _

if TYPE_CHECKING:
    from queries.figures import Figure

COLUMNS = (
    *("received", "open", "overdue", "on_time_rate", "answer_mean", "reopened_rate"),
    *("satisfaction", "coverage", "rating_mean"),
)


def side_by_side(rows: pd.DataFrame, figures: "Mapping[str, Figure]", head: str, key: str) -> None:
    """One row a territory or organisation, most received first; a rate of few cases is grey.

    `rows`: queries.regions.territories or queries.breakdown.
    """
    if rows.empty:
        empty()
        return
    shown = rows[["name", *COLUMNS]].reset_index(drop=True)
    styled = shown.style
    grey = pd.DataFrame("", shown.index, shown.columns)
    for name in COLUMNS:
        figure = figures[name]
        styled = styled.format(partial(written, figure.unit), subset=[name])
        if figure.denominator:
            few = figure.cases(rows).reset_index(drop=True) < FEW
            grey.loc[few, name] = "color: gray"
    styled = styled.apply(lambda _all: grey, axis=None)
    config = {
        name: st.column_config.NumberColumn(_(figures[name].name), help=_(figures[name].explanation), width=112)
        for name in COLUMNS
    }
    st.dataframe(
        styled,
        key=key,
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,  # noqa: PLR2004 -- what fits under a map
        column_config={"name": st.column_config.TextColumn(head, width=220, pinned=True), **config},
        alt=_("{what} with all their figures, most received first").format(what=head),
    )
    st.caption(_("Grey: fewer than {n} cases, too few to judge by.").format(n=units.number(FEW)))


def written(unit: str, value: object) -> str:
    """A figure in a cell."""
    return in_unit(value, unit) if isinstance(value, int | float) and not isnan(value) else "—"
