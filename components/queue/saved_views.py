"""The menu of a person's saved views of the queue: open, save, rename and delete them."""

from typing import TYPE_CHECKING, Protocol

import streamlit as st

from components.text.escape import escape_markdown
from components.url import links, query_params
from components.url.page_filters import FILTER_PARAMS
from otklik.errors import DatabaseRefusal
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

MAX_NAME_LENGTH = 60


class SavedViewQueries(Protocol):
    """The functions of queries.queue.saved_views."""

    def own(self) -> "pd.DataFrame":
        """One row a view of the viewer: id, name, address (a query string); by name."""

    def save(self, name: str, address: str) -> int:
        """Save an address under a name, in place of a view of that name; returns the id."""

    def rename(self, view: int, name: str) -> None:
        """Rename a view."""

    def delete(self, view: int) -> None:
        """Delete a view."""


def saved_views_menu(views: SavedViewQueries) -> None:
    """A menu with a button for each saved view, and forms that save, rename and delete."""
    with st.popover(_("Saved views"), icon=":material/bookmark:", type="tertiary"):
        rows = views.own()
        if rows.empty:
            st.caption(_("You have saved no view yet."))
        for row in rows.to_dict("records"):
            st.button(
                escape_markdown(row["name"]),
                key=f"view-{row['id']}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=open_view,
                args=(row["address"],),
            )
        with st.form("save-view", clear_on_submit=True, border=False):
            name = st.text_input(_("Name of the view"), max_chars=MAX_NAME_LENGTH)
            if st.form_submit_button(_("Save this view")):
                submit_change(lambda: views.save(name, links.list_query()))
        if not rows.empty:
            saved_view_editor(views, rows)


def saved_view_editor(views: SavedViewQueries, rows: "pd.DataFrame") -> None:
    """Inputs that rename or delete a view. `rows`: queries.queue.saved_views.own."""
    names_by_id = dict(zip(rows["id"].astype(int), rows["name"], strict=True))
    st.divider()
    view_id = st.selectbox(
        _("View"), list(names_by_id), format_func=lambda option: escape_markdown(names_by_id[option]), key="view-which"
    )
    new_name = st.text_input(_("New name"), key="view-name", max_chars=MAX_NAME_LENGTH)
    with st.container(horizontal=True):
        if st.button(_("Rename"), key="view-rename"):
            submit_change(lambda: views.rename(view_id, new_name))
        if st.button(_("Delete"), key="view-delete"):
            submit_change(lambda: views.delete(view_id))


def submit_change(write: "Callable[[], object]") -> None:
    """Write a change and run the page again; a refusal of the database is shown."""
    try:
        write()
    except DatabaseRefusal:
        st.error(_("This could not be saved."))
        return
    st.rerun()


def open_view(list_query: str) -> None:
    """Put a view's filters, choices and order into the address; its list begins at the first page."""
    list_params = links.parse_list_query(list_query)
    query_params.write(
        **{name: list_params.get(name) for name in (*FILTER_PARAMS, *links.LIST_PARAMS)},
        after=None,
        before=None,
        selected=None,
    )
