"""The one way in which components show a table."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.palette import link_colour
from components.panel_contents import ShownTable, add_content, is_collecting
from components.render_cache import cached_render
from components.streamlit_compat.browser.keyboard_focus import keyboard_focus
from components.streamlit_compat.styler_cache import cached_styler
from components.tables.cell_click import CellClick, button_labels
from components.tables.column_types import Column
from components.tables.selection import HeadOrder, RowChoice, selection_options
from components.text.metric_text import NO_VALUE

ROW_HEIGHT = 36  # pixels of a row, as far as heights are counted in rows
WRAPPED_ROW_HEIGHT = 66  # pixels: Streamlit 1.67's grid wraps texts in rows higher than four times the font size
WRAPPED_LINES = 3
NEVER = datetime.min.replace(tzinfo=UTC)
Height = int | Literal["content"]


class TableLayout(NamedTuple):
    """What of a table is drawn alike for all who see the same rows."""

    columns: tuple[Column, ...]
    height: Height
    alt_text: str
    placeholder: str
    as_of: datetime
    row_height: int | None = None
    link_column: str = ""


def data_table(  # noqa: PLR0913 -- all but the rows and columns by name, as those of st.dataframe
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    key: str,
    alt_text: str,
    max_rows_shown: int | None = None,
    max_height: int | None = None,
    selection: RowChoice | None = None,
    head_sort: HeadOrder | None = None,
    cell_click: CellClick | None = None,
    placeholder: str = NO_VALUE,
    is_wrapped: bool = False,
) -> None:
    """Show the rows; each column takes its cells from the rows' column that it names as its source.

    A table of more than `max_rows_shown` rows scrolls within `max_height` pixels, as high as so many rows unless given.
    `placeholder` stands in cells without a number. `cell_click` says which cells lead somewhere. Heads sort by value,
    not by what is written; with `head_sort` they order the whole list at the database. Its changes need another `key`.
    `is_wrapped` makes rows of three lines, in which long texts wrap.
    """
    height: Height = "content"
    if max_rows_shown is not None and len(rows) > max_rows_shown:
        height = ROW_HEIGHT * max_rows_shown if max_height is None else max_height
    if is_collecting():
        add_content(exported_table(rows, columns))
    if is_wrapped:
        columns = [replace(column, lines=WRAPPED_LINES) for column in columns]
    layout = TableLayout(
        tuple(column.with_whole_heading() for column in (head_sort.titled(columns) if head_sort else columns)),
        height,
        alt_text,
        placeholder,
        as_of(columns),
        WRAPPED_ROW_HEIGHT if is_wrapped else None,
        cell_click.column if cell_click else "",
    )
    if selection is None and head_sort is None and cell_click is None:
        _static_table(rows, layout, key)
        return
    options = selection_options(key, selection, head_sort)
    cells = table_cells(rows, layout)
    if cell_click is None:
        with keyboard_focus(key):
            _dataframe(cells, layout, options)
        return
    column = next(column for column in layout.columns if column.key == cell_click.column)
    labels = tuple(cells.data[column.key])  # type: ignore[attr-defined]
    click_config = {column.key: cell_click.column_config(column, labels, f"{key}-click")}
    whole_texts = {
        label: text for label, text in zip(labels, column.cells(rows, layout.as_of), strict=True) if label != text
    }
    with keyboard_focus(key, column.heading(), partial(cell_click.handle_key, labels, key), whole_texts):
        _dataframe(cells, layout, options, click_config)


@cached_render
def _static_table(rows: pd.DataFrame, layout: TableLayout, key: str) -> None:
    _dataframe(build_styler(rows, layout), layout, {"key": key})


def _dataframe(
    cells: Styler, layout: TableLayout, options: dict[str, Any], click_config: dict[str, Any] | None = None
) -> None:
    config = {column.key: column.config() for column in layout.columns} | (click_config or {})
    st.dataframe(
        cells,
        hide_index=True,
        height=layout.height,
        row_height=layout.row_height,
        column_config=config,
        placeholder=layout.placeholder,
        alt=layout.alt_text,
        **options,
    )


def as_of(columns: Sequence[Column]) -> datetime:
    """The current minute, so that a refresh within it builds nothing again; `NEVER` where no cell tells the time."""
    return datetime.now(UTC).replace(second=0, microsecond=0) if any(column.is_timed for column in columns) else NEVER


def table_cells(rows: pd.DataFrame, layout: TableLayout) -> Styler:
    """The cells as `build_styler` makes them, built once for the same rows, language and theme."""
    return cached_styler(lambda: build_styler(rows, layout), rows, layout)


def build_styler(rows: pd.DataFrame, layout: TableLayout) -> Styler:
    """The cells' data, with what is displayed for them and their CSS."""
    columns = layout.columns
    displays = {column.key: column.display(rows, layout.as_of) for column in columns}
    cells = pd.DataFrame(
        {
            column.key: fitted_labels(column, rows, layout.as_of)
            if column.key == layout.link_column
            else column.cells(rows, layout.as_of)
            for column in columns
        }
    ).reset_index(drop=True)
    styler = cells.style.format(
        {
            key: partial(display_cell, display=display, placeholder=layout.placeholder)
            for key, display in displays.items()
            if display
        }
    )
    if layout.link_column:
        styler = styler.set_properties(subset=[layout.link_column], color=link_colour())
    for column in columns:
        if column.styles:
            cell_styles = column.styles(rows, layout.as_of)
            styler = styler.apply(lambda _cells, cell_styles=cell_styles: cell_styles, subset=[column.key])
    return styler


def fitted_labels(column: Column, rows: pd.DataFrame, as_of: datetime) -> "pd.Series[Any]":
    """The labels of the column whose cells are buttons."""
    texts = column.cells(rows, as_of)
    return texts.map(button_labels(column, texts))


def display_cell(cell: Any, display: Callable[[Any], str], placeholder: str) -> str:  # noqa: ANN401 -- a cell of any kind
    """What is displayed for a cell's data."""
    return placeholder if pd.isna(cell) else display(cell)


def exported_table(rows: pd.DataFrame, columns: Sequence[Column]) -> ShownTable:
    """The table for a file: numbers, shares and moments as such, and words as the screen has them."""
    exported = {column.key: column.exported(rows, as_of(columns)) for column in columns}
    return ShownTable(
        pd.DataFrame(exported).reset_index(drop=True),
        {column.key: column.heading() for column in columns},
        frozenset(column.key for column in columns if column.type == "share"),
    )
