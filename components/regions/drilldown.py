"""The lowest levels of the drill-down: the organisations that hold appeals of a territory, and the appeals."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from components.filters.territory import select_organisation
from components.layout.empty_state import empty_state
from components.tables.columns import COLUMNS, TERRITORY_APPEALS, columns_of
from components.tables.data_table import data_table
from components.tables.row_limit import first_rows_note
from components.tables.selection import RowClick
from components.url.open_appeal import open_clicked_appeal
from otklik.i18n import _, formats
from otklik.small_numbers import MIN_CASES

MAX_ROWS_SHOWN = 10
TABLE_HEIGHT = 430  # pixels
NAME_WIDTH, COUNT_WIDTH = 215, 74  # pixels


def holders_table(rows: pd.DataFrame, key: str) -> None:
    """Show organisations, most received first; selecting one filters the page by it.

    `rows`: queries.regions.territories.organisation_metrics. `key`: another one where other organisations are shown.
    """
    if rows.empty:
        empty_state()
        return
    name_column = replace(COLUMNS["organisation"], key="name", width=NAME_WIDTH)
    figures = columns_of(dict.fromkeys(("received", "open", "overdue", "on_time_rate"), COUNT_WIDTH))
    data_table(
        rows,
        (name_column, *figures),
        key=key,
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        selection=RowClick(list(rows["code"]), select_organisation),
        placeholder=_("few"),
        alt_text=_("Organisations, most received first; choosing one shows its appeals"),
    )
    st.caption(_("A share over fewer than {n} cases is not shown.").format(n=formats.number(MIN_CASES)))


def appeals_table(rows: pd.DataFrame, key: str) -> None:
    """Show appeals, each with its number as a button that opens it.

    `rows`: queries.regions.points.appeal_list. `key`: another one where other appeals are shown.
    """
    if rows.empty:
        empty_state()
        return
    clicked = data_table(
        rows,
        columns_of(TERRITORY_APPEALS),
        key=key,
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        click_key="territory-appeal",
        alt_text=_("Appeals; a click on a number opens one"),
    )
    open_clicked_appeal(rows, clicked)
    first_rows_note(len(rows))
