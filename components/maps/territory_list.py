"""The list beside the map, which does all that the map does."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.layout.panel import empty
from components.streamlit_compat.styler_cache import settled
from components.tables.league import written
from components.tables.selection import choosing
from otklik.i18n import _

ROW = 35  # pixels


def ranking(rows: pd.DataFrame, heads: tuple[str, str], key: str, height: int, pick: Callable[[str], None]) -> None:
    """Names with their figure, the largest first and those of few cases last; choosing a row hands its code on.

    `rows`: components.maps.styling.coloured.
    """
    if rows.empty:
        empty()
        return
    ordered = rows.sort_values(["sure", "measure"], ascending=[False, False], kind="stable")
    ordered = ordered[["code", "name", "measure", "text", "sure", "received"]].reset_index(drop=True)
    st.dataframe(
        settled(lambda: dressed(ordered), "ranking", ordered),
        hide_index=True,
        height=min(height, ROW * (len(ordered) + 1) + 2),
        **choosing(key, list(ordered["code"]), pick),
        column_config={
            "name": st.column_config.TextColumn(heads[0], width=190),
            "measure": st.column_config.NumberColumn(heads[1], width=80),
            "received": st.column_config.NumberColumn(_("Received"), width=74),
        },
        placeholder=_("too few"),
        alt=_("Territories by {figure}; choosing one opens it").format(figure=heads[1]),
    )


def dressed(ordered: pd.DataFrame) -> Styler:
    """Names, their figure and how many were received, as they are written; what is of few cases in grey."""
    # Numbers, so that a click on a head sorts them as such; written as the language writes them.
    shown = ordered[["name", "measure", "received"]].assign(measure=ordered["measure"].where(ordered["sure"]))
    certain = ordered[ordered["sure"]]
    texts = dict(zip(certain["measure"], certain["text"], strict=True))
    grey = ["color: gray" if not sure else "" for sure in ordered["sure"]]
    return (
        shown.style.format(lambda value: texts.get(value, _("too few")), subset=["measure"])
        .format(partial(written, unit="count"), subset=["received"])
        .apply(lambda _column: grey, subset=["measure"])
    )
