"""A page of the queue: its place in the order, its appeals as the reader first saw them, and what is selected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pandas as pd
import streamlit as st

from components.tables.kept_selection import AppealKeys, KeptSelection, row_keys, versions_at
from components.url import query_params
from components.url.ignored_values import ignore
from otklik.actions.model import AppealVersion
from otklik.i18n import _, formats, ngettext

C = TypeVar("C")
MAX_SELECTED_IN_URL = 100


@dataclass
class PageState(KeptSelection):
    """The page that a reader has on the screen, and what they selected on it and on other pages of the list.

    `keys` are its appeals in order: they stay until the reader asks for the list as it is now. `requested_count` is how
    many of the first appeals are about to be selected. `last_position` is the list's query string with the cursors
    after and before, as of the last run.
    """

    page_id: object = None
    keys: AppealKeys = ()
    is_selection_restored: bool = False
    requested_count: int = 0
    last_position: tuple[str, str | None, str | None] | None = None


class TrimmedPage(NamedTuple):
    """The keys of a page as the list is now, and whether the list goes on before or after it."""

    keys: AppealKeys
    has_more_before: bool
    has_more_after: bool


def trim_page(rows: pd.DataFrame, page_size: int, *, backward: bool) -> TrimmedPage:
    """Trim rows read in one direction to a page; one row more than its size shows that the list goes on that way.

    `rows`: queries.queue.open_list.list_page.
    """
    has_more = len(rows) > page_size
    keys = row_keys(rows.tail(page_size) if backward else rows.head(page_size))
    return TrimmedPage(keys, has_more_before=has_more and backward, has_more_after=has_more and not backward)


def page_state() -> PageState:
    """The reader's page, kept in the session."""
    state: PageState = st.session_state.setdefault("queue-standing", PageState())
    return state


def read_cursor(list_query: str, parse: Callable[[str], C | None]) -> tuple[C | None, bool]:
    """The cursor in the address (None: the first page), and whether the page ends before it instead of beginning after.

    Cursors that `parse` makes None of, and the one after where there is one before, are ignored and named.
    """
    after, _before = cursor_params(list_query)
    cursors = {name: query_params.read_parsed(name, parse) for name in ("after", "before")}
    if cursors["before"] is None:
        return cursors["after"], False
    if after:
        ignore("after", after)
    return cursors["before"], True


def cursor_params(list_query: str) -> tuple[str | None, str | None]:
    """The cursors in the address, after and before; those of another list than in the last run are removed."""
    state = page_state()
    after, before = st.query_params.get("after"), st.query_params.get("before")
    if (
        state.last_position is not None
        and state.last_position[0] != list_query
        and state.last_position[1:] == (after, before)
    ):
        query_params.write(after=None, before=None)
        after = before = None
    state.last_position = (list_query, after, before)
    return after, before


def update_page(page_id: object, current_keys: AppealKeys) -> PageState:
    """The page on the screen: the current keys when `page_id` (list and place) is new, else the keys from before."""
    state = page_state()
    if state.page_id != page_id:
        state.page_id, state.keys, state.widget_version = page_id, current_keys, state.widget_version + 1
    return state


def refresh_button(state: PageState, rows: pd.DataFrame, current_keys: AppealKeys, size: int) -> None:
    """How many appeals are new or gone since the page was first shown, on a button that shows it as it is now."""
    gone_count = len(state.keys) - len(rows) + int(rows["state"].eq("closed").sum())
    kept_positions = [position for position, key in enumerate(current_keys) if key in state.keys]
    # Appeals that move up from the next page, as others leave this one, are not new.
    comparable_keys = (
        current_keys
        if len(state.keys) < size
        else current_keys[: kept_positions[-1] if kept_positions else len(current_keys)]
    )
    new_count = sum(key not in state.keys for key in comparable_keys)
    if not new_count and not gone_count:
        return
    messages = []
    if new_count:
        messages.append(ngettext("{n} new", "{n} new", new_count).format(n=formats.number(new_count)))
    if gone_count:
        messages.append(
            ngettext("{n} no longer here", "{n} no longer here", gone_count).format(n=formats.number(gone_count))
        )
    st.button(
        f"**{' · '.join(messages)}** — {_('Show the list as it is now')}",
        icon=":material/refresh:",
        key="renew",
        on_click=refresh_page,
        args=(state, current_keys),
    )


def refresh_page(state: PageState, current_keys: AppealKeys) -> None:
    """Show the page with the current keys; the selection stays."""
    state.keys, state.widget_version = current_keys, state.widget_version + 1


def chosen_appeals() -> list[AppealVersion]:
    """The selected appeals, on all pages."""
    return page_state().appeals()


def restore_selection(rows_by_keys: Callable[[AppealKeys], pd.DataFrame]) -> None:
    """Select what the address names, once a session; runs the page again if it names any."""
    state = page_state()
    url_keys = keys_from_url()
    if not state.is_selection_restored:
        state.is_selection_restored = True
        if url_keys:
            rows = rows_by_keys(url_keys)
            state.selected = versions_at(range(len(rows)), row_keys(rows), rows["version"])
            state.widget_version += 1
            st.rerun()


def keys_from_url() -> AppealKeys:
    """The keys of the selected appeals in the address, at most `MAX_SELECTED_IN_URL`; others are named as ignored."""
    keys: list[tuple[int, int]] = []
    for pair in st.query_params.get("selected", "").split(",")[:MAX_SELECTED_IN_URL]:
        region_text, _dash, id_text = pair.partition("-")
        region_id = query_params.parse_id(region_text, query_params.MAX_INTEGER)
        appeal_id = query_params.parse_id(id_text)
        if region_id is not None and appeal_id is not None:
            keys.append((region_id, appeal_id))
        elif pair:
            ignore("selected", pair)
    return tuple(keys)


def selection_summary(appeals: list[AppealVersion]) -> None:
    """How many appeals are selected, and a button that clears the selection."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Chosen: **{n}**").format(n=formats.number(len(appeals))), width="content")
        st.button(_("Clear selection"), key="choose-nothing", type="tertiary", on_click=clear_selection)


def save_selection(state: PageState, selected_appeals: dict[tuple[int, int], AppealVersion]) -> None:
    """Keep the selection, in the session and in the address."""
    state.selected, state.needs_rerun = selected_appeals, True
    param = ",".join(f"{region}-{appeal_id}" for region, appeal_id in list(selected_appeals)[:MAX_SELECTED_IN_URL])
    query_params.write(selected=param or None)


def clear_selection() -> None:
    """Select nothing."""
    state = page_state()
    save_selection(state, {})
    state.widget_version += 1


def pager(before: str | None, after: str | None, *, is_first: bool) -> None:
    """Buttons to the first, previous and next page; `before` and `after` are cursors, None where there is no page."""
    buttons: tuple[tuple[str, str, str, dict[str, str | None] | None], ...] = (
        ("first", _("First page"), ":material/first_page:", None if is_first else {}),
        ("before", _("Previous page"), ":material/chevron_left:", {"before": before} if before else None),
        ("after", _("Next page"), ":material/chevron_right:", {"after": after} if after else None),
    )
    with st.container(horizontal=True, gap="small"):
        for name, label, icon, cursor_param in buttons:
            st.button(
                label,
                icon=icon,
                key=f"turn-{name}",
                type="tertiary",
                disabled=cursor_param is None,
                on_click=go_to_page,
                args=(cursor_param or {},),
            )


def go_to_page(cursor_param: dict[str, str | None]) -> None:
    """Put a cursor into the address (none for the first page) and run the whole page again."""
    query_params.write(**dict.fromkeys(("after", "before")) | cursor_param)
    page_state().needs_rerun = True
