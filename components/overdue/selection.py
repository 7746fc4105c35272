"""The list of late appeals with rows to select for an action; the selection is kept by key while the list changes."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_list
from components.tables.appeals import appeals_table
from components.tables.columns import LATE_SELECTABLE
from components.tables.head_sort import HeadSort
from components.tables.kept_selection import KeptSelection, row_keys, versions_at
from components.tables.late_appeals import LateState, empty_message, late_columns
from components.tables.selection_bar import selection_bar
from otklik.actions.model import AppealVersion
from otklik.i18n import _

TABLE_HEIGHT = 455  # pixels


@dataclass
class LateSelection(KeptSelection):
    """What is selected in one list of late appeals; `rows` is the list as it was when anything was selected last.

    While anything is selected, those rows stay on the screen, unless they are sorted in another way.
    """

    list_id: Hashable = None
    rows: pd.DataFrame | None = None
    sort: str = ""


def selection_state(key: str, list_id: Hashable = None) -> LateSelection:
    """The selection under a session key; with another `list_id` than before, a new and empty one."""
    selection: LateSelection | None = st.session_state.get(key)
    if selection is None or (list_id is not None and selection.list_id != list_id):
        selection = st.session_state[key] = LateSelection(
            list_id=list_id, widget_version=selection.widget_version + 1 if selection else 0
        )
    return selection


def chosen_appeals(key: str) -> list[AppealVersion]:
    """The selected appeals."""
    return selection_state(key).appeals()


def clear_selection(key: str) -> None:
    """Select nothing, so that the list moves on."""
    selection = selection_state(key)
    selection.selected, selection.rows, selection.needs_rerun = {}, None, True
    selection.widget_version += 1


def selectable_late_table(rows: pd.DataFrame, state: LateState, key: str, sort: str, total: int) -> None:
    """The list, how many are selected, and buttons that select many at once. `rows`: queries.overdue.late_appeals.

    `total`: queries.overdue.late_count. Runs the whole page again after a change of the selection.
    """
    selection = selection_state(key)
    if selection.selected and selection.rows is not None and selection.sort == sort:
        rows = selection.rows
    selection.rows, selection.sort = rows, sort
    if rows.empty:
        empty_list(empty_message(rows, state), "late")
        return
    keys = row_keys(rows)

    def select_first(count: int) -> None:
        _select(selection, rows, versions_at(range(min(count, len(rows))), keys, rows["updated_at"]))
        selection.widget_version += 1

    def save_selection(selected_here: dict[tuple[int, int], AppealVersion]) -> None:
        unlisted = {appeal_key: appeal for appeal_key, appeal in selection.selected.items() if appeal_key not in keys}
        _select(selection, rows, unlisted | selected_here)

    def show_sorted() -> None:
        selection.widget_version += 1
        selection.needs_rerun = True

    selection_bar(key, len(selection.selected), max(total, len(rows)), select_first, partial(clear_selection, key))
    if selection.selected:
        st.caption(_("The list stands still while something is chosen; who changed an appeal meanwhile is respected."))
    # Other rows are another widget: a click on those drawn before can't select what is in their place now.
    widget_key = f"{key}-{selection.widget_version}-{hash(keys) & 0xFFFFFFFF:x}"
    appeals_table(
        rows,
        late_columns(LATE_SELECTABLE, state),
        widget_key,
        _("Overdue appeals and those at risk, to choose from"),
        max_height=TABLE_HEIGHT,
        selection=selection.row_choice(widget_key, keys, save_selection, rows["updated_at"]),
        head_sort=HeadSort(sort, show_sorted),
    )
    selection.rerun_if_needed()


def _select(selection: LateSelection, rows: pd.DataFrame, selected: dict[tuple[int, int], AppealVersion]) -> None:
    selection.selected, selection.rows, selection.needs_rerun = selected, rows, True
