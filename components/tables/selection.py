"""Selecting rows of a table: by a click that leads elsewhere, or as a choice that the table keeps."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import streamlit as st

from components.streamlit_compat.one_shot_selection import one_shot_selection
from components.tables.head_sort import HeadSort
from components.tables.row_order import RowOrder


class RowClick(NamedTuple):
    """A click on a row leads elsewhere: it hands the row's code to `on_pick`, once, and works again after Back.

    A row is a position, turned into its code before anything can move.
    """

    codes: Sequence[str]
    on_pick: Callable[[str], None]


class RowChoice(NamedTuple):
    """Rows stay selected: each change hands their positions to `on_change`. `positions` are selected at first."""

    on_change: Callable[[list[int]], None]
    mode: Literal["single-row", "multi-row"] = "single-row"
    positions: Sequence[int] = ()


RowSelection = RowClick | RowChoice
HeadOrder = HeadSort | RowOrder


def selection_options(key: str, selection: RowSelection | None, head_sort: HeadOrder | None = None) -> dict[str, Any]:
    """The options of `st.dataframe` for a selection of rows and clicks on heads, with the widget's key."""
    if selection is None and head_sort is None:
        return {"key": key}
    if isinstance(selection, RowClick):
        return row_selection(key, selection.codes, selection.on_pick, head_sort)

    def save_choice() -> None:
        state = st.session_state[key]["selection"]
        if head_sort is not None and state["columns"]:
            # The grid lets go of rows when a head is clicked; those that the table keeps stay.
            head_sort.sort_by(state["columns"][0])
        elif selection is not None:
            selection.on_change(state["rows"])

    modes = [*([selection.mode] if selection else []), *(["single-column"] if head_sort else [])]
    options: dict[str, Any] = {"key": key, "on_select": save_choice, "selection_mode": modes}
    if selection is None:
        return options
    if selection.mode == "multi-row":
        options["selection_default"] = {"selection": {"rows": list(selection.positions)}}
    return options


def row_selection(
    key: str, codes: Sequence[str], on_pick: Callable[[str], None], head_sort: HeadOrder | None = None
) -> dict[str, Any]:
    """The options of a table whose rows lead elsewhere when clicked, with a key that changes after each click."""

    def pick(selection: dict[str, Any]) -> bool:
        for position in selection["rows"]:
            on_pick(codes[position])
        if head_sort is not None and selection["columns"]:
            head_sort.sort_by(selection["columns"][0])
        return bool(selection["rows"] or selection.get("columns"))

    return {
        **one_shot_selection(key, pick),
        "selection_mode": ["single-row", *(["single-column"] if head_sort else [])],
    }
