"""Surges on the overview: each in words, with a link to its appeals."""

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from components.filters.figure_link import figure_link, period_params
from components.text.escape import escape_markdown
from components.text.surge_text import search_day, search_trouble, surge_course, surge_sentence
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.surges.episodes import Surges

UNSEARCHED_FILTERS = ("organisation", "regime", "channel")
"""Surges are those of all organisations, regimes and channels."""


def surge_list(surges: "Surges", *, may_open_problems: bool = False) -> None:
    """One block per surge, those that go on first; in words where they haven't been searched for, or not for long.

    With a link that opens a problem of it, for a viewer who may.
    """
    if trouble := search_trouble(surges.searched_day, is_current=surges.is_current):
        st.markdown(f":orange[:material/warning: {trouble}]")
    if surges.searched_day is None:
        return
    problem_label = _("Open a problem")
    for row in surges.rows.to_dict("records"):
        with st.container(gap=None):
            topic, territory = (escape_markdown(str(row[name])) for name in ("topic", "territory"))
            st.markdown(f":material/trending_up: **{topic}** · {territory}")
            codes = {"territory": str(row["territory_code"]), "topic": str(row["topic_code"])}
            days = period_params(row["first_day"], row["first_day"] + timedelta(days=row["window_days"] - 1))
            figure_link(surge_sentence(row), "regions", figure="received", dropped=UNSEARCHED_FILTERS, **codes, **days)
            st.caption(surge_course(row))
            if may_open_problems:
                opening = codes | {"surge": row["starts"].isoformat()}
                figure_link(f":material/add: {problem_label}", "problems", dropped=UNSEARCHED_FILTERS, **opening)
    _notes(surges)


def _notes(surges: "Surges") -> None:
    """Up to which day it was searched, and what "usual" means; whether there are more, and what filters leave alone."""
    if surges.rows.empty or surges.searched_day is None:
        return
    notes = [
        _("{searched}; usual: nine of ten such spans without a surge").format(searched=search_day(surges.searched_day))
    ]
    if more_count := surges.total - len(surges.rows):
        notes.append(ngettext("{n} more", "{n} more", more_count).format(n=formats.number(more_count)))
    if any(name in st.query_params for name in UNSEARCHED_FILTERS):
        notes.append(_("of all organisations, regimes and channels"))
    st.caption("; ".join(notes))
