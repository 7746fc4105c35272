"""Finding the appeal to show by the URL, choosing between several, and moving through the list it came from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.narrow_screen import NEIGHBOUR_KEYS
from components.streamlit_compat.fragments import stop_page
from components.text.escape import escape_markdown
from components.url import links, query_params
from otklik.i18n import _

if TYPE_CHECKING:
    from queries.appeal.details import Appeal
    from queries.lists.appeal_list import AppealKey

APPEAL_PARAMS = ("number", "source", "region")
LIST_REQUEST_KEY = "back-to-list"  # of the session state
MAX_NUMBER_LENGTH = 1000
"""Of a number in the address."""


def read_appeal_params() -> tuple[str, str | None, str | None]:
    """Number, source and region from the URL; "" and None where they are missing.

    A refresh of the previous page that was still running may overwrite the URL: the appeal's is restored then.
    """
    if "number" in st.query_params:
        st.session_state["opened-appeal"] = st.query_params.to_dict()
    elif saved_params := st.session_state.get("opened-appeal"):
        st.query_params.from_dict(saved_params)
    # The filters of the previous page don't apply here. A run that started before a step to the next appeal would
    # leave the last one under the address of the next.
    query_params.mark_drawn(APPEAL_PARAMS)
    links.check_list_query()
    number = query_params.read_text("number", MAX_NUMBER_LENGTH)
    return number, query_params.read_text("source") or None, query_params.read_text("region") or None


def choose_appeal(
    keys: "tuple[AppealKey, ...]", load_rows: "Callable[[tuple[AppealKey, ...]], pd.DataFrame]"
) -> "AppealKey":
    """The key, if there is one; without any a message, with several a choice, and the page ends there.

    `load_rows`: queries.lists.appeal_list.appeals_by_key.
    """
    if len(keys) != 1:
        back_button()
        duplicate_number_choice(load_rows(keys)) if keys else not_found_message()
        stop_page()
    return keys[0]


def duplicate_number_choice(rows: pd.DataFrame) -> None:
    """Buttons for appeals that share a number. `rows`: queries.lists.appeal_list.appeals_by_key."""
    st.markdown(_("Several appeals have this number. Which one is it?"))
    for row in rows.to_dict("records"):
        label = " · ".join(escape_markdown(row[name]) for name in ("number", "territory", "topic", "status"))
        params = links.appeal_params(row["number"], row["source"], row["region"], st.query_params.get("list", ""))
        st.button(label, key=f"which-{row['region_id']}-{row['id']}", on_click=open_appeal, args=(params,))


def require_appeal(appeal: "Appeal | None") -> "Appeal":
    """The appeal; without one a message, and the page ends there."""
    if appeal is None:
        not_found_message()
        stop_page()
    return appeal


def not_found_message() -> None:
    """A message that doesn't reveal whether the appeal is missing or out of the viewer's territories, and a search."""
    st.info(_("There is no such appeal, or you may not see it."), icon=":material/search_off:")
    number = st.query_params.get("number", "") if query_params.is_storable(st.query_params.get("number", "")) else ""
    with st.form("find-appeal", border=False, width=480):
        search_text = st.text_input(
            _("Search"), number[: query_params.MAX_TEXT_LENGTH], placeholder=_("Search by number or text")
        )
        if st.form_submit_button(_("Search the open appeals"), icon=":material/search:"):
            search = {"q": search_text.strip()} if search_text.strip() else {}
            st.switch_page("pages/queue.py", query_params=search | links.viewer_params())


def open_appeal(params: dict[str, str]) -> None:
    """Put another appeal into the URL: a callback of buttons."""
    st.query_params.from_dict(params)


def back_button() -> None:
    """A button back to the list that the appeal was opened from, with its filters.

    What a callback notes stays; that a button was pressed is forgotten when a run that ends just then tidies up.
    """
    list_params = links.parse_list_query(st.query_params.get("list", ""))
    st.button(_("Back to the list"), icon=":material/arrow_back:", key="back", type="tertiary", on_click=request_list)
    if st.session_state.pop(LIST_REQUEST_KEY, False):
        st.switch_page("pages/queue.py", query_params=list_params | links.viewer_params())


def request_list() -> None:
    """Ask for the list in the run after this callback."""
    st.session_state[LIST_REQUEST_KEY] = True


def appeal_pager(neighbour_rows: pd.DataFrame, previous_key: "AppealKey | None", next_key: "AppealKey | None") -> None:
    """Buttons back to the list, and to the previous and the next appeal in it.

    `neighbour_rows`: queries.lists.appeal_list.appeals_by_key of both keys.
    """
    rows = {(row["region_id"], row["id"]): row for row in neighbour_rows.to_dict("records")}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        back_button()
        for key, button_key, label, icon in (
            (previous_key, NEIGHBOUR_KEYS[0], _("Previous"), ":material/chevron_left:"),
            (next_key, NEIGHBOUR_KEYS[1], _("Next"), ":material/chevron_right:"),
        ):
            row = rows.get(key) if key else None
            list_query = st.query_params.get("list", "")
            params = links.appeal_params(row["number"], row["source"], row["region"], list_query) if row else {}
            button_label = f"{label}: {escape_markdown(row['number'])}" if row else label
            st.button(
                button_label,
                icon=icon,
                key=button_key,
                type="tertiary",
                disabled=row is None,
                on_click=open_appeal,
                args=(params,),
            )
