"""The problems of an open cell, and what was done about its topic elsewhere."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.text.escape import escape_markdown
from components.text.problem_text import STATUS_LABELS, due_text
from components.url.links import list_params
from components.url.problem_links import problem_link
from otklik.i18n import _, formats
from otklik.paths import ROOT


def cell_problem_list(rows: pd.DataFrame, cell: Mapping[Hashable, Any], *, may_open: bool) -> None:
    """One block per problem of the cell, or a sentence that there is none; if `may_open`, a link to open one.

    `rows`: queries.matrix.cell_details.problems_in. `cell`: a row of the matrix.
    """
    if rows.empty:
        st.markdown(f":gray[{_('No problem has been opened here.')}]")
    for row in rows.to_dict("records"):
        with st.container(gap="xxsmall"):
            problem_link(f"**{escape_markdown(row['title'])}**", int(row["id"]))
            st.caption(_problem_text(row))
    if may_open:
        codes = {"topic": str(cell["topic_code"]), "territory": str(cell["territory_code"])}
        params = list_params(**codes)
        label, page = _("Open a problem"), ROOT / "pages" / "problems.py"
        st.page_link(page, label=label, icon=":material/add:", query_params=params)


def remedies_elsewhere_list(rows: pd.DataFrame) -> None:
    """One block per remedy, with its problem. `rows`: queries.matrix.cell_details.remedies_elsewhere."""
    if rows.empty:
        st.markdown(f":gray[{_('Nothing has been done about this topic elsewhere.')}]")
        return
    for row in rows.to_dict("records"):
        with st.container(gap="xxsmall"):
            problem_link(f"**{escape_markdown(row['remedy'])}**", int(row["id"]))
            done = _("done {day}").format(day=formats.day(row["done_day"]))
            parts = escape_markdown(row["territory"]), escape_markdown(row["problem"]), _(STATUS_LABELS[row["status"]])
            st.caption(" · ".join((*parts, done)))
    st.caption(_("What came of a remedy stands on the page of its problem."))


def _problem_text(row: Mapping[Hashable, Any]) -> str:
    """Place, status and the remedy that is due next, as Markdown."""
    parts = [escape_markdown(str(row["territory"])), _(STATUS_LABELS[row["status"]])]
    if row["next_remedy"]:
        parts += [escape_markdown(row["next_remedy"]), due_text(row["next_due"], is_overdue=row["is_overdue"])]
    return " · ".join(parts)
