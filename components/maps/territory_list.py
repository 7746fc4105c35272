"""The list beside the territory map, which offers all that the map does."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.layout.empty_state import empty_state
from components.streamlit_compat.styler_cache import cached_styler
from components.tables.league import format_value
from components.tables.selection import row_selection
from components.tables.shown_table import show_table
from otklik.i18n import _

ROW_HEIGHT = 35  # pixels


def territory_list(
    rows: pd.DataFrame, column_titles: tuple[str, str], key: str, height: int, on_choose: Callable[[str], None]
) -> None:
    """Show territories with their value, the largest first, those with few cases last; `on_choose` gets a row's code.

    `rows`: components.maps.styling.style_territories. `column_titles`: of names and values. `height`: pixels at most.
    """
    if rows.empty:
        empty_state()
        return
    ordered_rows = rows.sort_values(["sure", "measure"], ascending=[False, False], kind="stable")
    ordered_rows = ordered_rows[["code", "name", "measure", "text", "sure", "received"]].reset_index(drop=True)
    show_table(
        cached_styler(lambda: format_territory_rows(ordered_rows), "ranking", ordered_rows),
        hide_index=True,
        height=min(height, ROW_HEIGHT * (len(ordered_rows) + 1) + 2),
        **row_selection(key, list(ordered_rows["code"]), on_choose),
        column_config={
            "name": st.column_config.TextColumn(column_titles[0], width=190),
            "measure": st.column_config.NumberColumn(column_titles[1], width=80),
            "received": st.column_config.NumberColumn(_("Received"), width=74),
        },
        placeholder=_("too few"),
        alt=_("Territories by {figure}; choosing one opens it").format(figure=column_titles[1]),
    )


def format_territory_rows(rows: pd.DataFrame) -> Styler:
    """Format the rows as the language writes numbers; values over few cases read “too few”, in grey."""
    # The cells stay numbers, so that a click on a column's title sorts them by value.
    table_rows = rows[["name", "measure", "received"]].assign(measure=rows["measure"].where(rows["sure"]))
    reliable = rows[rows["sure"]]
    texts_by_value = dict(zip(reliable["measure"], reliable["text"], strict=True))
    text_styles = ["color: gray" if not is_reliable else "" for is_reliable in rows["sure"]]
    return (
        table_rows.style.format(lambda value: texts_by_value.get(value, _("too few")), subset=["measure"])
        .format(partial(format_value, unit="count"), subset=["received"])
        .apply(lambda _column: text_styles, subset=["measure"])
    )
