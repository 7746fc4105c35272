"""A table of names and figures of which a row narrows the page."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.panel import empty
from components.streamlit_compat.keyboard_focus import by_keyboard
from components.streamlit_compat.styler_cache import settled
from components.tables.league import dressed, looks, notes, units_of
from components.tables.selection import choosing
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.metrics.metric import Figure

NARROWED = ("territory", "organisation")


def table(
    rows: pd.DataFrame,
    metrics: "Mapping[str, Figure]",
    name_title: str,
    key: str,
    width: int,
    on_pick: Callable[[str], None],
) -> None:
    """What `leagues.league` draws; choosing a row hands its code to `pick`. `rows`: with a code besides."""
    if rows.empty:
        empty()
        return
    # Of a page that is narrowed otherwise it is another table, in which nothing is chosen.
    key = "-".join([key, *(st.query_params.get(name, "") for name in NARROWED)])
    units = units_of(rows, metrics)
    with by_keyboard(key):
        st.dataframe(
            settled(lambda: dressed(rows, units), "league", rows, units),
            **choosing(key, list(rows["code"]), on_pick),
            **looks(rows, metrics, name_title, width),
        )
    st.caption(" ".join([*notes(rows), _("Choosing a row narrows the page to it.")]))
