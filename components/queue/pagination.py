"""A page of a list that stands still until the reader wants it anew: where it is, and what is chosen of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from components.url import query_params
from otklik.actions.model import AppealVersion
from otklik.i18n import _, formats, ngettext

AppealKeys = tuple[tuple[int, int], ...]
MAX_SELECTED_IN_URL = 100


@dataclass
class PageState:
    """A page as the reader has it before them, and what of the list they chose."""

    page_id: object = None
    keys: AppealKeys = ()
    widget_version: int = 0
    selected: dict[tuple[int, int], AppealVersion] = field(default_factory=dict)
    needs_rerun: bool = False
    is_selection_restored: bool = False
    last_position: tuple[str, str | None, str | None] | None = None
    widget_key: str = ""


def page_state() -> PageState:
    """The reader's page."""
    state: PageState = st.session_state.setdefault("queue-standing", PageState())
    return state


def cursor_params(list_query: str) -> tuple[str | None, str | None]:
    """The place in the list by the address: after, or before; another list than the last time begins anew."""
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


def appeal_keys(rows: pd.DataFrame) -> AppealKeys:
    """The keys of rows."""
    return tuple((int(region), int(appeal_id)) for region, appeal_id in zip(rows["region_id"], rows["id"], strict=True))


def update_page(page_id: object, current_keys: AppealKeys) -> PageState:
    """The page that is shown: `now` for another list or place than before (`of`), else the one that stands."""
    state = page_state()
    if state.page_id != page_id:
        state.page_id, state.keys, state.widget_version = page_id, current_keys, state.widget_version + 1
    return state


def refresh_button(state: PageState, rows: pd.DataFrame, current_keys: AppealKeys, size: int) -> None:
    """What would be different if the page were drawn as it is now, and the button for it."""
    gone_count = len(state.keys) - len(rows) + int(rows["state"].eq("closed").sum())
    kept_positions = [position for position, key in enumerate(current_keys) if key in state.keys]
    # Those that only move up from the next page are no news.
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
    """Let the page be what it is now; what is chosen stays so."""
    state.keys, state.widget_version = current_keys, state.widget_version + 1


def rerun_if_needed(state: PageState) -> None:
    """Run the whole page anew after a step that the list took."""
    if state.needs_rerun:
        state.needs_rerun = False
        st.rerun()


def chosen_appeals() -> list[AppealVersion]:
    """The appeals that are chosen."""
    return list(page_state().selected.values())


def restore_selection(rows_by_keys: Callable[[AppealKeys], pd.DataFrame]) -> None:
    """Choose, once a visit, what the address says is chosen."""
    state = page_state()
    if not state.is_selection_restored:
        state.is_selection_restored = True
        if url_keys := keys_from_url():
            rows = rows_by_keys(url_keys)
            keys_and_versions = zip(appeal_keys(rows), rows["version"], strict=True)
            state.selected = {key: AppealVersion(key[0], key[1], version) for key, version in keys_and_versions}
            state.widget_version += 1
            st.rerun()


def keys_from_url() -> AppealKeys:
    """The keys that the address says are chosen."""
    pairs = [pair.partition("-") for pair in st.query_params.get("selected", "").split(",")[:MAX_SELECTED_IN_URL]]
    return tuple(
        (int(region), int(appeal_id))
        for region, _dash, appeal_id in pairs
        if region.isdecimal() and appeal_id.isdecimal()
    )


def selection_summary(appeals: list[AppealVersion]) -> None:
    """How many are chosen, and choosing nothing."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Chosen: **{n}**").format(n=formats.number(len(appeals))), width="content")
        st.button(_("Choose nothing"), key="choose-nothing", type="tertiary", on_click=clear_selection)


def save_selection(state: PageState, selected_appeals: dict[tuple[int, int], AppealVersion]) -> None:
    """Remember what is chosen, in the address too."""
    state.selected, state.needs_rerun = selected_appeals, True
    param = ",".join(f"{region}-{appeal_id}" for region, appeal_id in list(selected_appeals)[:MAX_SELECTED_IN_URL])
    query_params.write(selected=param or None)


def clear_selection() -> None:
    """Choose nothing."""
    state = page_state()
    save_selection(state, {})
    state.widget_version += 1


def pager(before: str | None, after: str | None, *, is_first: bool) -> None:
    """To the page before and after; each a place in the order, None where there is none."""
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
    """To a place in the list; the whole page runs anew."""
    query_params.write(**dict.fromkeys(("after", "before")) | cursor_param)
    page_state().needs_rerun = True
