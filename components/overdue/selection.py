"""A list of late appeals to choose from: what is chosen is kept by its key, whatever the list does meanwhile."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.streamlit_compat.styler_cache import cached_styler
from components.tables import late_appeals
from components.tables.shown_table import show_table
from otklik.actions.model import MAX_APPEALS, AppealVersion
from otklik.i18n import _, formats, ngettext

LateState = Literal["overdue", "at_risk", "untouched"]
WIDTHS = {"time": 160, "number": 112, "topic": 165, "territory": 120, "organisation": 260, "status": 110}
TABLE_HEIGHT = 455
AppealKeys = tuple[tuple[int, int], ...]


@dataclass
class SelectionState:
    """What is chosen of one list, with the versions that were seen; while anything is, the list stands still."""

    list_id: Hashable
    selected: dict[tuple[int, int], AppealVersion] = field(default_factory=dict)
    rows: pd.DataFrame | None = None
    widget_version: int = 0
    needs_rerun: bool = False
    widget_key: str = ""


def selection_state(key: str, list_id: Hashable = None) -> SelectionState:
    """The choice under a key; another list (`of`) begins with none."""
    selection: SelectionState | None = st.session_state.get(key)
    if selection is None or (list_id is not None and selection.list_id != list_id):
        selection = st.session_state[key] = SelectionState(
            list_id, widget_version=selection.widget_version + 1 if selection else 0
        )
    return selection


def chosen_appeals(key: str) -> list[AppealVersion]:
    """The appeals that are chosen."""
    return list(selection_state(key).selected.values())


def clear_selection(key: str) -> None:
    """Choose nothing, and let the list move on."""
    selection = selection_state(key)
    selection.selected, selection.rows, selection.needs_rerun, selection.widget_version = (
        {},
        None,
        True,
        selection.widget_version + 1,
    )


def selectable_late_table(rows: pd.DataFrame, state: LateState, key: str) -> None:
    """The list, and what is chosen of it; runs the page anew after a choice. `rows`: queries.overdue.late_appeals."""
    selection = selection_state(key)
    if selection.selected and selection.rows is not None:
        rows = selection.rows
    selection.rows = rows
    if rows.empty:
        empty_state(late_appeals.empty_message(state))
        return
    appeal_keys: AppealKeys = tuple(zip(rows["region_id"], rows["id"], strict=True))
    _selection_bar(selection, rows, appeal_keys, key)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    # Another list is another widget: a click on what was drawn before can't choose what stands there now.
    widget_key = selection.widget_key = f"{key}-{selection.widget_version}-{hash(appeal_keys) & 0xFFFFFFFF:x}"

    def save_choice() -> None:
        # The browser may still tell of the list before, which knows nothing of what was chosen since.
        if widget_key == selection.widget_key:
            _select_positions(selection, rows, appeal_keys, st.session_state[widget_key]["selection"]["rows"])

    show_table(
        cached_styler(lambda: late_appeals.format_late_rows(rows, now, list(WIDTHS)), "late", rows, now),
        key=widget_key,
        hide_index=True,
        height="content" if len(rows) < 12 else TABLE_HEIGHT,
        column_order=list(WIDTHS),
        column_config=_column_config(),
        on_select=save_choice,
        selection_mode="multi-row",
        selection_default={
            "selection": {
                "rows": [
                    position for position, appeal_key in enumerate(appeal_keys) if appeal_key in selection.selected
                ]
            }
        },
        alt=_("Late appeals to choose from, the most urgent first"),
    )
    if selection.needs_rerun:
        selection.needs_rerun = False
        st.rerun()


def _select_positions(
    selection: SelectionState, rows: pd.DataFrame, appeal_keys: AppealKeys, positions: list[int]
) -> None:
    versions = list(rows["updated_at"])
    selection.selected = {
        appeal_keys[position]: AppealVersion(
            int(appeal_keys[position][0]), int(appeal_keys[position][1]), versions[position]
        )
        for position in positions
    }
    selection.rows, selection.needs_rerun = rows, True


def _selection_bar(selection: SelectionState, rows: pd.DataFrame, appeal_keys: AppealKeys, key: str) -> None:
    """How many are chosen, and choosing the first so many at once."""

    def select_first(count: int) -> None:
        _select_positions(selection, rows, appeal_keys, list(range(count)))
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


def _column_config() -> dict[str, Any]:
    shared_config = late_appeals.column_config()
    return {
        name: st.column_config.TextColumn(shared_config[name]["label"], width=width) for name, width in WIDTHS.items()
    }
