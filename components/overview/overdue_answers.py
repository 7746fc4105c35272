"""Comments of discussions on the overview whose official answer is late."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.text.escape import escape_markdown
from otklik.i18n import formats, ngettext

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

MAX_LISTED = 2


def overdue_answers_list(rows: pd.DataFrame, viewer: "Viewer") -> None:
    """How many comments are unanswered past their deadline, and the discussions with most of them, each with a link.

    Nothing where there is none. `rows`: queries.morning.overdue_answers.overdue_answers.
    """
    if rows.empty or not viewer.may("discussions"):
        return
    total = int(rows["late"].sum())
    label = ngettext(
        "{n} comment is unanswered past its deadline", "{n} comments are unanswered past their deadline", total
    ).format(n=formats.number(total))
    with st.container(horizontal=True, gap="small", key="late-comments"):
        figure_link(f":red[:material/forum: **{label}**]", "discussions")
        for row in rows.head(MAX_LISTED).to_dict("records"):
            title, place = (escape_markdown(str(row[name])) for name in ("title", "territory"))
            figure_link(
                f"{title} · {place} · {formats.number(row['late'])}",
                "discussions",
                discussion=str(row["number"]),
                comments="late",
            )
