"""The head of one service, and its appeals that are still unresolved."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.layout.empty_state import empty_list, empty_state
from components.tables.appeals import appeals_table
from components.tables.columns import columns_of
from components.tables.row_limit import first_rows_note
from components.tables.surge_list import surge_list
from components.text.escape import escape_markdown
from components.url.links import period_of_address
from otklik.i18n import _

if TYPE_CHECKING:
    from queries.surges.episodes import Surges

UNRESOLVED_COLUMNS = {"number": 130, "topic": 210, "territory": 190, "organisation": 230, "status": 150} | {
    "received_at": 130,
    "deadline_at": 130,
}
"""Widths in pixels."""
MAX_ROWS_SHOWN = 12


def service_head(service_name: str, topic_name: str) -> None:
    """A link to all services, the name of this one, and the part of it that is chosen, if it is no whole."""
    label = _("All services")
    part = f" · {escape_markdown(topic_name)}" if topic_name != service_name else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        figure_link(f":material/arrow_back: {label}", "services", dropped=("topic",), **period_of_address())
        st.markdown(f"### {escape_markdown(service_name)}{part}", width="content")


def service_surges(surges: "Surges", *, may_open_problems: bool) -> None:
    """The surges of a service in words, or that there is none."""
    if surges.rows.empty and surges.is_current:
        empty_state(_("No surge: nothing here is surely more than its own past leads to expect."))
    surge_list(surges, may_open_problems=may_open_problems)


def unresolved_table(rows: pd.DataFrame) -> None:
    """Show the open appeals of a service: rows of queries.lists.figure_appeals.figure_appeals."""
    if rows.empty:
        empty_list(_("Nothing is open here."), "service-unresolved")
        return
    columns = columns_of(UNRESOLVED_COLUMNS)
    appeals_table(
        rows,
        columns,
        "service-unresolved",
        _("Open appeals; a click on a number opens one"),
        max_rows_shown=MAX_ROWS_SHOWN,
    )
    first_rows_note(len(rows))
    with st.container(horizontal=True):
        figure_link(_("All of them in the queue"), "queue")
        figure_link(_("The overdue ones"), "overdue")
