"""Polls on the overview that close soon and lack votes for their quorum."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.text.escape import escape_markdown
from components.text.poll_text import days_left_text, quorum_text
from otklik.i18n import formats, ngettext

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

MAX_LISTED = 3


def closing_polls_list(rows: pd.DataFrame, viewer: "Viewer") -> None:
    """How many polls close soon without a quorum, and the first of them, each with a link; nothing where none does.

    `rows`: queries.morning.closing_polls.closing_polls.
    """
    if rows.empty or not viewer.may("polls"):
        return
    label = ngettext(
        "{n} poll closes within three days without its quorum",
        "{n} polls close within three days without their quorum",
        len(rows),
    ).format(n=formats.number(len(rows)))
    with st.container(horizontal=True, gap="small", key="closing-polls"):
        figure_link(f":orange[:material/how_to_vote: **{label}**]", "polls")
        for row in rows.head(MAX_LISTED).to_dict("records"):
            title, place = (escape_markdown(str(row[name])) for name in ("title", "territory"))
            quorum = quorum_text(row["needed"], row["missing"], "running")
            label = f"{title} · {place} · {days_left_text(row['days_left'])}, {quorum}"
            figure_link(label, "polls", poll=str(row["number"]))
