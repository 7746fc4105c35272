"""A table of names and figures of which a row narrows the page."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.streamlit_compat.keyboard_focus import keyboard_focus
from components.streamlit_compat.styler_cache import cached_styler
from components.tables.league import format_league_rows, metric_units, table_notes, table_options
from components.tables.selection import row_selection
from components.tables.shown_table import show_table
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.metrics.metric import Metric

NARROWING_PARAMS = ("territory", "organisation")


def selectable_league_table(
    rows: pd.DataFrame,
    metrics: "Mapping[str, Metric]",
    name_title: str,
    key: str,
    width: int,
    on_pick: Callable[[str], None],
) -> None:
    """What `leagues.league` draws; choosing a row hands its code to `pick`. `rows`: with a code besides."""
    if rows.empty:
        empty_state()
        return
    # Of a page that is narrowed otherwise it is another table, in which nothing is chosen.
    key = "-".join([key, *(st.query_params.get(name, "") for name in NARROWING_PARAMS)])
    units = metric_units(rows, metrics)
    with keyboard_focus(key):
        show_table(
            cached_styler(lambda: format_league_rows(rows, units), "league", rows, units),
            **row_selection(key, list(rows["code"]), on_pick),
            **table_options(rows, metrics, name_title, width),
        )
    st.caption(" ".join([*table_notes(rows), _("Choosing a row narrows the page to it.")]))
