"""Overdue remedies of problems on the overview: of those that the viewer decides about or owns."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.text.escape import escape_markdown
from components.text.problem_text import due_text
from otklik.i18n import formats, ngettext

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

MAX_LISTED = 3


def overdue_remedies_list(rows: pd.DataFrame, viewer: "Viewer") -> None:
    """How many remedies are overdue, and the first of them, each with a link to its problem; nothing where none is.

    `rows`: queries.morning.overdue_remedies.overdue_remedies.
    """
    if not viewer.may("decide"):
        person_id = viewer.person.id if viewer.person else None
        rows = rows[rows["owner_id"] == person_id]
    if rows.empty:
        return
    label = ngettext("{n} remedy is overdue", "{n} remedies are overdue", len(rows)).format(n=formats.number(len(rows)))
    with st.container(horizontal=True, gap="small", key="overdue-remedies"):
        figure_link(f":red[:material/event_busy: **{label}**]", "problems")
        for row in rows.head(MAX_LISTED).to_dict("records"):
            place = escape_markdown(row["territory"])
            due = due_text(row["due"], is_overdue=True)
            title = escape_markdown(row["title"])
            figure_link(f"{title} · {place} · {due}", "problems", problem=str(row["problem_id"]))
