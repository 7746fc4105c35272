"""Forms that add a remedy to a problem and change one; each calls what it is given once submitted.

The calls raise DatabaseRefusal, for the page's own boundary.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import streamlit as st

from components.filters.select import indented_labels
from components.layout import flash
from components.problems.forms import MAX_TITLE_LENGTH, reason_box
from components.text.escape import clean_line
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from queries.problems.details import Problem


class RemedyChanges(Protocol):
    """`queries.problems.changes`, as far as it changes remedies."""

    def change_remedy_due(self, remedy_id: int, version: int, due: date, reason: str) -> int:
        """Set another day for a remedy."""

    def finish_remedy(self, remedy_id: int, version: int, reason: str, *, is_done: bool = True) -> int:
        """Say that a remedy is done, or isn't after all."""


DEFAULT_DAYS = timedelta(days=14)
"""After so long a new remedy is due unless another day is chosen."""
CHANGE_LABELS = {"done": N_("It is done"), "due": N_("Another due day")}


def add_remedy_form(problem: "Problem", organisations: pd.DataFrame, today: date, add: Callable[..., object]) -> None:
    """A form for a new remedy; `add` is `queries.problems.changes.add_remedy` of this problem.

    `organisations`: code, name and parent, as queries.filter_options has them.
    """
    key = f"add-remedy-{problem.id}-{flash.message_count()}"
    labels = {"": _("somebody else, by name"), **indented_labels(organisations)}
    with st.form(key, border=False):
        title = st.text_input(_("What is to be done"), key=f"{key}-title", max_chars=MAX_TITLE_LENGTH)
        left, right = st.columns(2)
        organisation = left.selectbox(
            _("By which organisation"), list(labels), format_func=labels.__getitem__, key=f"{key}-organisation"
        )
        responsible = right.text_input(_("Or by whom"), key=f"{key}-responsible", max_chars=MAX_TITLE_LENGTH)
        due = st.date_input(
            _("By the end of"), today + DEFAULT_DAYS, min_value=today, format="DD.MM.YYYY", key=f"{key}-due"
        )
        reason = reason_box(f"{key}-reason")
        submitted = st.form_submit_button(_("Add the remedy"))
    if submitted:
        add(title, organisation=organisation or None, responsible=responsible, due=due, reason=reason)
        flash.rerun_with_message(_("The remedy is added."))


def remedy_form(
    problem: "Problem",
    remedies: pd.DataFrame,
    today: date,
    changes: RemedyChanges,
    *,
    version: int,
    may_reschedule: bool,
) -> None:
    """Choose a remedy and say that it is done, isn't after all, or is due on another day, if one may.

    `remedies`: queries.problems.details.remedies. `version` of the problem: `forms.seen_version`.
    """
    rows: dict[int, Mapping[Any, Any]] = {int(row["id"]): row for row in remedies.to_dict("records")}
    labels = {number: clean_line(row["title"]) for number, row in rows.items()}
    remedy_id = st.selectbox(_("Remedy"), list(labels), format_func=labels.__getitem__, key=f"remedy-{problem.id}")
    row = rows[remedy_id]
    key = f"remedy-{remedy_id}-{flash.message_count()}"
    with st.form(key, border=False):
        change, due = "undone", today
        if row["done_at"]:
            st.caption(_("It is done: here it can be said that it isn't after all."))
        else:
            offered = [name for name in CHANGE_LABELS if name == "done" or may_reschedule]
            change = st.radio(
                _("What has changed"), offered, format_func=lambda name: _(CHANGE_LABELS[name]), key=f"{key}-change"
            )
            if may_reschedule:
                preset = max(row["due"], today)
                due = st.date_input(_("New due day"), preset, min_value=today, format="DD.MM.YYYY", key=f"{key}-due")
        reason = reason_box(f"{key}-reason")
        submitted = st.form_submit_button(_("Not done after all") if row["done_at"] else _("Save the remedy"))
    if not submitted:
        return
    if change == "due":
        changes.change_remedy_due(remedy_id, version, due, reason)
    else:
        changes.finish_remedy(remedy_id, version, reason, is_done=change == "done")
    flash.rerun_with_message(_("The remedy is changed."))
