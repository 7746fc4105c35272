"""Cells of a table that lead somewhere: a click on one, or Enter on it, hands the row's position to a callback."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from components.streamlit_compat.browser.keyboard_focus import pressed_cell
from components.tables.column_types import Column
from components.text.fitting import fit_names
from otklik.i18n import _

BUTTON_PADDING = 24  # pixels at the left (16) and the right (8) of a label in a cell


class CellClick(NamedTuple):
    """The column whose cells lead somewhere. `on_click` gets a position in the rows that were drawn; a callback."""

    column: str
    on_click: Callable[[int], None]
    help: str

    def column_config(self, column: Column, labels: Sequence[str], widget_key: str) -> Any:  # noqa: ANN401 -- as Column.config
        """The column's cells as buttons without a border. `labels`: the texts of all its cells."""
        return st.column_config.ButtonColumn(
            column.heading(),
            width=column.width,
            type="tertiary",
            alignment="left",
            help=self.help,
            pinned=column.pinned or None,
            key=widget_key,
            on_click=self.handle_click,
            args=(labels, widget_key),
        )

    def handle_click(self, labels: Sequence[str], widget_key: str) -> None:
        """Call back for the cell that was clicked."""
        click = st.session_state[widget_key]
        self._lead_on(labels, click["row"], click["label"])

    def handle_key(self, labels: Sequence[str], table_key: str) -> None:
        """Call back for the cell on which Enter was pressed."""
        cell = pressed_cell(table_key)
        self._lead_on(labels, cell["row"], cell["label"])

    def _lead_on(self, labels: Sequence[str], row: int, label: str) -> None:
        position = clicked_position(labels, row, label)
        if position is not None:
            self.on_click(position)


def button_labels(column: Column, texts: Iterable[str]) -> dict[str, str]:
    """The label of each text in a column of buttons: as much as there is room for, since buttons cut without a sign."""
    return fit_names(texts, column.width - BUTTON_PADDING)


def code_click(codes: Sequence[str], on_pick: Callable[[str], None]) -> CellClick:
    """Names that narrow the page: a click hands the row's code to `on_pick`."""
    return CellClick("name", lambda position: on_pick(codes[position]), _("Narrow the page to it"))


def clicked_position(labels: Sequence[str], row: int, label: str) -> int | None:
    """The position of the clicked cell: its row, or where its label is now if the rows have moved; None if it is gone.

    The browser may show rows in another order than the server drew last.
    """
    if 0 <= row < len(labels) and labels[row] == label:
        return row
    return labels.index(label) if label in labels else None
