"""The table of open appeals, page by page, with rows to select and numbers to open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_list
from components.palette import state_tint
from components.queue.controls import SEARCH_PARAMS
from components.queue.pagination import PageState, save_selection
from components.tables.appeals import appeals_table
from components.tables.column_types import Column
from components.tables.columns import QUEUE, columns_of
from components.tables.head_sort import HeadSort
from components.tables.kept_selection import row_keys
from components.text.appeal_state import STATE_SIGNS
from components.text.escape import escape_markdown
from components.url import links
from components.url.open_appeal import request_page
from otklik.actions.model import AppealVersion
from otklik.i18n import _, durations, formats

TABLE_HEIGHT = 560  # pixels


def list_total(total: int, count_limit: int, max_hits: int | None) -> None:
    """How many appeals the list holds.

    A total over `count_limit` is shown as "more than"; with `max_hits`, the limit of a search, a note says where it was
    reached.
    """
    total_text = (
        formats.number(total) if total <= count_limit else _("more than {n}").format(n=formats.number(count_limit))
    )
    st.markdown(_("Open appeals in the list: **{n}**").format(n=total_text), width="content")
    if max_hits is not None and total >= max_hits:
        st.caption(_("At most {n} hits are listed: add a word.").format(n=formats.number(max_hits)), width="content")


def closed_appeal_buttons(rows: pd.DataFrame) -> None:
    """A button for each closed appeal whose number was searched for, since the list holds open ones alone.

    `rows`: queries.lists.appeal_list.appeals_by_key.
    """
    for row in rows[rows["state"] == "closed"].to_dict("records"):
        label = _("A closed appeal has this number: {number}").format(number=escape_markdown(row["number"]))
        st.button(
            label,
            key=f"closed-{row['region_id']}-{row['id']}",
            icon=":material/open_in_new:",
            on_click=request_appeal,
            args=(row,),
        )


def queue_table(rows: pd.DataFrame, page_state: PageState, sort: str) -> None:
    """The appeals of a page, to select and to open, or an empty state.

    `rows`: queries.lists.appeal_list.appeals_by_key of the page's keys, in the order `sort`.
    """
    if rows.empty:
        empty_list(_("There is no open appeal in this list."), "queue", SEARCH_PARAMS)
        return
    keys = row_keys(rows)

    def save_page_selection(selected_here: dict[tuple[int, int], AppealVersion]) -> None:
        on_other_pages = {key: appeal for key, appeal in page_state.selected.items() if key not in keys}
        save_selection(page_state, on_other_pages | selected_here)

    # A new widget only where rows may have moved: the scroll position and the selection outlive a refresh.
    widget_key = f"open-{page_state.widget_version}-{len(keys)}"

    def show_sorted() -> None:
        page_state.widget_version += 1
        page_state.needs_rerun = True

    appeals_table(
        rows,
        queue_columns(),
        widget_key,
        _("Open appeals, page by page"),
        max_height=TABLE_HEIGHT,
        selection=page_state.row_choice(widget_key, keys, save_page_selection, rows["version"]),
        head_sort=HeadSort(sort, show_sorted),
        request_row=lambda position: request_appeal(rows.iloc[position]),
    )


def request_appeal(row: "Mapping[Any, Any] | pd.Series[Any]") -> None:
    """Ask for the appeal of a row; its page leads back to the list as the address has it now. A callback."""
    request_page(links.appeal_params(row["number"], row["source"], row["region"], links.list_query()))


def queue_columns() -> tuple[Column, ...]:
    """The columns of the queue, the time left or over with the state's sign and colour."""
    return tuple(
        replace(column, texts=time_texts, styles=state_styles) if column.key == "time" else column
        for column in columns_of(QUEUE)
    )


def time_texts(rows: pd.DataFrame, as_of: datetime) -> list[str]:
    """The sign of each row's state with the time left or over."""
    return [
        f"{STATE_SIGNS[state]} {remaining_time_text(deadline_at, state, as_of)}"
        for deadline_at, state in zip(rows["deadline_at"], rows["state"], strict=True)
    ]


def state_styles(rows: pd.DataFrame, _as_of: datetime) -> list[str]:
    """The background for each row's state."""
    return [f"background-color: {state_tint(state)}" for state in rows["state"]]


def remaining_time_text(deadline_at: datetime | None, state: str, as_of: datetime) -> str:
    """The time left or over; for a closed appeal and one without a deadline, that it is so."""
    if state == "closed":
        return _("closed")
    if deadline_at is None or pd.isna(deadline_at):
        return _("no deadline")
    hours_left = (deadline_at - as_of).total_seconds() / 3600
    return durations.time_overdue(-hours_left) if state == "overdue" else durations.time_left(max(hours_left, 0))
