"""One problem: its head, its remedies, and who decided what about it and why."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.layout.empty_state import empty_state
from components.text.escape import clean_text, escape_markdown
from components.text.problem_text import STATUS_LABELS, due_text
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from queries.problems.details import Problem

EVENT_LABELS = {
    "opened": N_("Opened"),
    "moved": N_("Next step"),
    "changed": N_("Changed"),
    "comment": N_("Comment"),
    "remedy_added": N_("Remedy added"),
    "remedy_due_changed": N_("Remedy rescheduled"),
    "remedy_done": N_("Remedy done"),
    "remedy_undone": N_("Remedy not done after all"),
}
"""By the kinds of `problem_event`."""
STATUS_COLOURS: dict[str, Literal["orange", "gray", "green"]] = {
    "found": "orange",
    "checked": "green",
    "closed": "gray",
    "rejected": "gray",
}


def problem_head(problem: "Problem") -> None:
    """The title with its status, topic and place, the owner, since when, and the description."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="problem-head"):
        st.subheader(escape_markdown(problem.title), anchor=False, width="content")
        st.badge(_(STATUS_LABELS[problem.status]), color=STATUS_COLOURS.get(problem.status, "blue"))
    st.markdown(f"{escape_markdown(problem.topic)} · {escape_markdown(problem.territory)}")
    owner = escape_markdown(problem.owner) if problem.owner else f":orange[{_('nobody yet')}]"
    st.markdown(f"{_('Owner')}: {owner}")
    st.text(clean_text(problem.description))
    parts = [_("Appeals count since {day}").format(day=formats.day(problem.since))]
    if problem.surge_starts:
        parts.append(_("from the surge that began on {day}").format(day=formats.day(problem.surge_starts)))
    if problem.opened_by:
        opened = _("opened on {day} by {name}")
        parts.append(opened.format(day=formats.day(problem.opened_at), name=escape_markdown(problem.opened_by)))
    st.caption("; ".join(parts))
    if problem.text_cluster_id is not None:
        codes = {"territory": problem.territory_code, "topic": problem.topic_code}
        label = _("The similar appeals that it was opened from")
        figure_link(f":material/forum: {label}", "regions", **codes, cluster=str(problem.text_cluster_id))


def remedy_list(rows: pd.DataFrame, draw_effect: Callable[[int], None]) -> None:
    """One block per row of queries.problems.details.remedies; `draw_effect` gets the id of each that is done."""
    if rows.empty:
        empty_state(_("Nothing is to be done yet."))
        return
    for row in rows.to_dict("records"):
        with st.container(gap=None):
            icon = ":material/check_circle:" if row["done_at"] else ":material/radio_button_unchecked:"
            st.markdown(f"{icon} **{escape_markdown(row['title'])}** · {escape_markdown(row['responsible'])}")
            if row["done_at"]:
                st.caption(_("done on {day}").format(day=formats.day(row["done_at"])))
                st.text(clean_text(row["note"]))
                draw_effect(int(row["id"]))
            else:
                st.markdown(due_text(row["due"], is_overdue=row["is_overdue"]))


def problem_history(rows: pd.DataFrame) -> None:
    """One block per row of queries.problems.details.history: who, when, what changed, and why."""
    for row in rows.to_dict("records"):
        with st.container(gap=None):
            moment = f"{formats.day(row['at'])}, {formats.clock(row['at'])[:5]}"
            st.markdown(f"**{_event_label(row)}** :gray[{moment} · {escape_markdown(row['person'])}]")
            if changes := _changes(row):
                st.markdown(f":gray[{changes}]")
            st.text(clean_text(row["reason"]))


def _event_label(row: Mapping[Any, Any]) -> str:
    label = EVENT_LABELS[row["kind"]]
    if row["kind"] != "moved":
        return _(label)
    before, after = (STATUS_LABELS[row[side]["status"]] for side in ("before", "after"))
    return f"{_(before)} → {_(after)}"


def _changes(row: Mapping[Any, Any]) -> str:
    """What of a problem or a remedy changed, as Markdown; empty for a step or comment, which says so itself."""
    before, after = row["before"] or {}, row["after"] or {}
    if row["kind"].startswith("remedy"):
        due = _("due {day}").format(day=formats.day(date.fromisoformat(after["due"])))
        return f"{escape_markdown(after['remedy'])} · {escape_markdown(after['responsible'])} · {due}"
    if row["kind"] != "changed":
        return ""
    labels = {"title": _("Title"), "owner": _("Owner"), "description": _("Description")}
    return "; ".join(
        f"{label}: {escape_markdown(before[name] or '—')} → {escape_markdown(after[name] or '—')}"
        for name, label in labels.items()
        if before[name] != after[name]
    )
