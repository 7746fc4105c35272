"""Choosing rows of a table for an action, and clicks on its heads. What leads elsewhere is a cell: see `cell_click`."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from components.streamlit_compat.dropped_widget import is_dropped
from components.tables.head_sort import HeadSort
from components.tables.row_order import RowOrder


class RowChoice(NamedTuple):
    """Rows that are chosen for an action: each change hands their positions to `on_change`.

    `positions` are chosen at first.
    """

    on_change: Callable[[list[int]], None]
    positions: Sequence[int] = ()


HeadOrder = HeadSort | RowOrder


def selection_options(key: str, selection: RowChoice | None, head_sort: HeadOrder | None = None) -> dict[str, Any]:
    """The options of `st.dataframe` for choosing rows and for clicks on heads, with the widget's key."""
    if selection is None and head_sort is None:
        return {"key": key}

    def save_choice() -> None:
        if is_dropped(key):
            return
        state = st.session_state[key]["selection"]
        if head_sort is not None and state["columns"]:
            # The grid lets go of rows when a head is clicked; those that the table keeps stay.
            head_sort.sort_by(state["columns"][0])
        elif selection is not None:
            selection.on_change(state["rows"])

    modes = [*(["multi-row"] if selection else []), *(["single-column"] if head_sort else [])]
    options: dict[str, Any] = {"key": key, "on_select": save_choice, "selection_mode": modes}
    if selection is not None:
        options["selection_default"] = {"selection": {"rows": list(selection.positions)}}
    return options
