"""Cells of the matrix as rows of a table; a click on a topic opens its cell."""

from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.layout.narrow_screen import is_phone
from components.matrix.controls import select_cell
from components.matrix.labels import VALUE_LABELS, marks_text, ratio_text
from components.tables.cell_click import CellClick
from components.tables.column_types import Column
from components.tables.columns import COLUMNS, columns_of
from components.tables.data_table import data_table
from components.tables.row_limit import first_rows_note
from otklik.i18n import N_, _

MAX_ROWS = 50
MAX_ROWS_SHOWN = 11
TABLE_HEIGHT = 430  # pixels
WIDTHS, PHONE_WIDTHS = {"topic": 190, "territory": 150}, {"topic": 130, "territory": 90}  # pixels
RATIO_WIDTH, INTERVAL_WIDTH = 92, 150  # pixels
WEEKS_ABOVE = Column("weeks_above", N_("Weeks above"), "count", 105)
MARKS = Column("marks", N_("Marks"), width=200)


def worst_cells(cells: pd.DataFrame, value: str) -> pd.DataFrame:
    """The cells above 1, at most `MAX_ROWS`: those beyond chance first, then the highest."""
    above = cells[cells[value] > 1]
    order = above.assign(is_sure=above[f"{value}_side"] > 0).sort_values(
        ["is_sure", value, "received"], ascending=False, ignore_index=True
    )
    return order.drop(columns="is_sure").head(MAX_ROWS)


def worst_cells_table(cells: pd.DataFrame, value: str) -> None:
    """Show the worst cells by what the matrix is coloured by. `cells`: as `matrix_grid` takes them."""
    rows = worst_cells(cells, value)
    if rows.empty:
        empty_state(_("No cell is above what is expected."))
        return
    cells_table(rows, value, f"worst-{value}", _("The worst cells; a topic opens its cell"))
    st.caption(_("Those beyond chance first. Each ratio is shrunk towards 1, the more the fewer cases there are."))
    first_rows_note(len(rows), MAX_ROWS)


def cells_table(rows: pd.DataFrame, value: str, key: str, alt_text: str) -> None:
    """Show cells with their ratios and marks. `key`: another one where other cells are shown."""
    others = [name for name in VALUE_LABELS if name != value]
    columns = (
        *columns_of(PHONE_WIDTHS if is_phone() else WIDTHS),
        Column(value, VALUE_LABELS[value], "ratio", INTERVAL_WIDTH, texts=partial(_ratio_texts, value=value)),
        *(Column(name, VALUE_LABELS[name], "ratio", RATIO_WIDTH) for name in others),
        COLUMNS["received"],
        COLUMNS["expected"],
        WEEKS_ABOVE,
        MARKS,
    )
    marks = [marks_text(cell) for cell in rows.to_dict("records")]
    codes = list(zip(rows["topic_code"].tolist(), rows["territory_code"].tolist(), strict=True))
    data_table(
        rows.assign(marks=marks),
        columns,
        key=key,
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        cell_click=CellClick("topic", lambda position: select_cell(*codes[position]), _("Open the cell")),
        alt_text=alt_text,
    )


def _ratio_texts(rows: pd.DataFrame, _as_of: datetime, value: str) -> list[str]:
    return [ratio_text(cell, value) for cell in rows.to_dict("records")]
