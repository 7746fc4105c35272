"""The list of late appeals with rows to select for an action; the selection is kept by key while the list changes."""

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.tables.columns import LATE_SELECTABLE
from components.tables.data_table import data_table
from components.tables.kept_selection import AppealKeys, KeptSelection, row_keys, versions_at
from components.tables.late_appeals import LateState, empty_message, late_columns
from otklik.actions.model import MAX_APPEALS, AppealVersion
from otklik.i18n import _, formats, ngettext

MAX_ROWS_SHOWN = 11
TABLE_HEIGHT = 455  # pixels


@dataclass
class LateSelection(KeptSelection):
    """What is selected in one list of late appeals; `rows` is the list as it was when anything was selected last.

    While anything is selected, those rows stay on the screen.
    """

    list_id: Hashable = None
    rows: pd.DataFrame | None = None


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


def selectable_late_table(rows: pd.DataFrame, state: LateState, key: str) -> None:
    """The list, how many are selected, and buttons that select many at once. `rows`: queries.overdue.late_appeals.

    Runs the whole page again after a change of the selection.
    """
    selection = selection_state(key)
    if selection.selected and selection.rows is not None:
        rows = selection.rows
    selection.rows = rows
    if rows.empty:
        empty_state(empty_message(state))
        return
    keys = row_keys(rows)
    _selection_bar(selection, rows, keys, key)

    def save_selection(selected: dict[tuple[int, int], AppealVersion]) -> None:
        _select(selection, rows, selected)

    # Other rows are another widget: a click on those drawn before can't select what is in their place now.
    widget_key = f"{key}-{selection.widget_version}-{hash(keys) & 0xFFFFFFFF:x}"
    data_table(
        rows,
        late_columns(LATE_SELECTABLE),
        key=widget_key,
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        selection=selection.row_choice(widget_key, keys, save_selection, rows["updated_at"]),
        alt_text=_("Late appeals to choose from, the most urgent first"),
    )
    selection.rerun_if_needed()


def _select(selection: LateSelection, rows: pd.DataFrame, selected: dict[tuple[int, int], AppealVersion]) -> None:
    selection.selected, selection.rows, selection.needs_rerun = selected, rows, True


def _selection_bar(selection: LateSelection, rows: pd.DataFrame, keys: AppealKeys, key: str) -> None:
    """How many are selected, and buttons that select the first rows, all or none."""

    def select_first(count: int) -> None:
        _select(selection, rows, versions_at(range(count), keys, rows["updated_at"]))
        selection.widget_version += 1

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        selected_count = len(selection.selected)
        message = ngettext("**{n}** chosen of {all}", "**{n}** chosen of {all}", selected_count)
        st.markdown(message.format(n=formats.number(selected_count), all=_total_text(len(rows))), width="content")
        count: int = st.number_input(
            _("How many"), 1, len(rows), min(40, len(rows)), key=f"{key}-many", width=110, label_visibility="collapsed"
        )
        st.button(
            _("Choose the first {n}").format(n=formats.number(count)),
            on_click=select_first,
            args=(count,),
            key=f"{key}-first",
        )
        st.button(_("Choose all"), on_click=select_first, args=(len(rows),), key=f"{key}-all")
        st.button(_("Let go"), on_click=clear_selection, args=(key,), key=f"{key}-none", disabled=not selected_count)
    if selected_count:
        st.caption(_("The list stands still while something is chosen; who changed an appeal meanwhile is respected."))


def _total_text(n: int) -> str:
    return _("the first {n}").format(n=formats.number(n)) if n == MAX_APPEALS else formats.number(n)
