"""Forms that open a problem, take it a step, change it and comment on it; each calls what it is given once submitted.

The calls raise DatabaseRefusal, for the page's own boundary.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from components.layout import flash
from components.text.escape import clean_line, escape_markdown
from components.text.problem_text import STATUS_LABELS
from otklik.i18n import _

if TYPE_CHECKING:
    from queries.problems.details import Problem

MAX_TITLE_LENGTH, MAX_TEXT_LENGTH = 200, 1000
OwnerNames = Mapping[int, str]
"""The people who can own a problem of its territory, by their ids."""


def opening_form(
    place: str,
    owners: OwnerNames,
    first_day: date,
    last_day: date,
    open_it: Callable[[str, str, int | None, date], int],
    *,
    preset: tuple[str, str] = ("", ""),
) -> int | None:
    """A form for a new problem of a place (its topic and territory, for people); returns its id once submitted.

    `first_day` is preset as the day from which appeals count; none later than `last_day` can be chosen.
    `preset`: the title and the description that stand there first.
    """
    st.caption(_("Of {place}, as the filters say.").format(place=escape_markdown(place)))
    with st.form(f"open-problem-{flash.message_count()}-{place}", border=False):
        title = st.text_input(_("Title"), preset[0], key="open-problem-title", max_chars=MAX_TITLE_LENGTH)
        description = text_box(_("What is wrong, and how it was noticed"), "open-problem-description", preset[1])
        left, right = st.columns(2)
        with left:
            owner_id = owner_selectbox(owners, None, "open-problem-owner")
        since = right.date_input(
            _("Appeals count since"), first_day, max_value=last_day, format="DD.MM.YYYY", key="open-problem-since"
        )
        submitted = st.form_submit_button(_("Open the problem"), type="primary")
    return open_it(title, description, owner_id, since) if submitted else None


def step_form(problem: "Problem", take_step: Callable[[str, str], object]) -> None:
    """A form for the next step with its reason; `take_step` gets the status and the reason."""
    key = f"step-{problem.id}-{flash.message_count()}"
    labels = {status: step_label(problem.status, status) for status in problem.next_statuses}
    with st.form(key, border=False):
        status = st.radio(
            _("Next step"),
            list(labels),
            format_func=labels.__getitem__,
            key=f"{key}-status",
            label_visibility="collapsed",
        )
        reason = reason_box(f"{key}-reason")
        submitted = st.form_submit_button(_("Take the step"), type="primary")
    st.caption(_("A step is taken back by a step back, which needs a reason too; both stay in the history."))
    if submitted:
        take_step(status, reason)
        flash.rerun_with_message(_("The problem has taken the step."))


def step_label(old: str, new: str) -> str:
    """Where a step leads: `Confirmed`, or `Back to: Found`."""
    statuses = list(STATUS_LABELS)
    label = _(STATUS_LABELS[new])
    return _("Back to: {status}").format(status=label) if statuses.index(new) < statuses.index(old) else label


def change_form(problem: "Problem", owners: OwnerNames, change: Callable[[str, str, int | None, str], object]) -> None:
    """A form for title, owner and description; `change` gets the title, the description, the owner and the reason."""
    key = f"change-{problem.id}-{flash.message_count()}"
    with st.form(key, border=False):
        title = st.text_input(_("Title"), problem.title, key=f"{key}-title", max_chars=MAX_TITLE_LENGTH)
        owner_id = owner_selectbox(owners, (problem.owner_id, problem.owner), f"{key}-owner")
        description = text_box(_("Description"), f"{key}-description", problem.description)
        reason = reason_box(f"{key}-reason")
        submitted = st.form_submit_button(_("Save the changes"))
    if submitted:
        change(title, description, owner_id, reason)
        flash.rerun_with_message(_("The problem is changed."))


def comment_form(comment_on_it: Callable[[str], object]) -> None:
    """A form for a comment."""
    key = f"comment-{flash.message_count()}"
    with st.form(key, border=False):
        comment = st.text_area(
            _("Comment"), key=f"{key}-text", max_chars=MAX_TEXT_LENGTH, height=100, label_visibility="collapsed"
        )
        submitted = st.form_submit_button(_("Add the comment"))
    if submitted:
        comment_on_it(comment)
        flash.rerun_with_message(_("The comment is added."))


def owner_selectbox(owners: OwnerNames, current: tuple[int | None, str | None] | None, key: str) -> int | None:
    """A select box of people, or nobody; the `current` owner stays an option who can't be chosen otherwise any more."""
    names: dict[int | None, str] = {None: _("nobody yet")}
    names |= dict(owners.items())
    current_id, current_name = current or (None, None)
    if current_id is not None:
        names.setdefault(current_id, current_name or "")
    return st.selectbox(
        _("Owner"),
        list(names),
        index=list(names).index(current_id),
        format_func=lambda person_id: clean_line(names[person_id]),
        key=key,
    )


def seen_version(problem: "Problem") -> int:
    """The version of the problem that the screen showed when the viewer pressed what this run answers.

    Call it once in each run of the whole page. So what somebody has changed meanwhile isn't overwritten unseen.
    """
    key = f"problem-{problem.id}-version"
    version: int = st.session_state.get(key, problem.version)
    st.session_state[key] = problem.version
    return version


def text_box(label: str, key: str, value: str = "") -> str:
    """A text box of several lines, as long as the database takes it."""
    return st.text_area(label, value, key=key, max_chars=MAX_TEXT_LENGTH, height=100)


def reason_box(key: str) -> str:
    """A text box for the reason; the database refuses a change without one."""
    return st.text_area(
        _("Reason"),
        key=key,
        max_chars=MAX_TEXT_LENGTH,
        height=80,
        placeholder=_("Recorded in the problem's history and in the audit log"),
    )
