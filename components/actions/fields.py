"""The inputs of an action's form besides the reason."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import streamlit as st

from components.actions.error_messages import failure_message
from components.text.escape import clean_line
from otklik.actions.catalogue import ActionField, BulkAction
from otklik.actions.model import AppealVersion, HolderCandidate
from otklik.i18n import _, formats, ngettext

DEFAULT_EXTENSION_DAYS = 10


class FieldOptions(Protocol):
    """What the inputs offer, as `otklik.actions.bulk` reads it from the database."""

    def holder_candidates(self, appeals: Sequence[AppealVersion], language: str) -> Sequence[HolderCandidate]:
        """Organisations that may take some of the appeals, the best suited first."""

    def lowest_level_topics(self, language: str) -> dict[str, str]:
        """Paths of topics without subtopics, by code, in the order of display."""

    def appeal_by_number(self, number: str) -> tuple[int, int] | None:
        """Region id and id of the appeal with this number; None without one."""


InputFunction = Callable[[FieldOptions, Sequence[AppealVersion], str, str], dict[str, Any] | None]
"""Draws an input, given options, appeals, language and widget key; its values, or None while something is missing."""


def action_fields(
    action: BulkAction, options: FieldOptions, appeals: Sequence[AppealVersion], language: str, key: str
) -> dict[str, Any] | None:
    """Draw the inputs of an action; their values as `otklik.actions.bulk.execute` takes them.

    None while something is missing; the input has then said so.
    """
    values: dict[str, Any] = {}
    is_complete = True
    for field in action.fields:
        field_values = INPUTS[field](options, appeals, language, key)
        values |= field_values or {}
        is_complete &= field_values is not None
    return values if is_complete else None


def _holder_input(
    options: FieldOptions, appeals: Sequence[AppealVersion], language: str, key: str
) -> dict[str, Any] | None:
    """The new holder, chosen from candidates shown with their workload."""
    candidates = {candidate.code: candidate for candidate in options.holder_candidates(appeals, language)}
    if not candidates:
        st.warning(_("No other organisation in your territories may take these appeals."), icon=":material/info:")
        return None
    labels = {code: f"{clean_line(candidate.name)} · {_workload(candidate)}" for code, candidate in candidates.items()}
    holder_code = _selectbox(_("New responsible organisation"), labels, f"{key}-holder")
    selected = candidates[holder_code]
    notes = [f"{_workload(selected)}, {_clearing_time(selected)}"]
    if selected.takes_count < len(appeals):
        notes.append(_("It may take {n} of the {all} chosen.").format(n=selected.takes_count, all=len(appeals)))
    if selected is next(iter(candidates.values())) and selected.answered:
        notes.append(_suggestion_reason(selected))
    st.caption(" · ".join(notes))
    return {"holder": holder_code}


def _workload(candidate: HolderCandidate) -> str:
    """`120 open, 14 overdue`."""
    return _("{open} open, {overdue} overdue").format(
        open=formats.number(candidate.open), overdue=formats.number(candidate.overdue)
    )


def _clearing_time(candidate: HolderCandidate) -> str:
    """`through in 6.2 d`."""
    days = candidate.days_to_clear
    return _("closed nothing lately") if days is None else _("through in {days}").format(days=formats.days(days))


def _suggestion_reason(candidate: HolderCandidate) -> str:
    """Why the first candidate is suggested."""
    return ngettext(
        "**Suggested**: it closed {n} appeal on these topics here in the last 90 days, and is through soonest of those"
        " who did.",
        "**Suggested**: it closed {n} appeals on these topics here in the last 90 days, and is through soonest of those"
        " who did.",
        candidate.answered,
    ).format(n=formats.number(candidate.answered))


def _days_input(
    _options: FieldOptions, _appeals: Sequence[AppealVersion], _language: str, key: str
) -> dict[str, Any] | None:
    """Calendar days by which a deadline is extended."""
    return {"days": st.number_input(_("Days more"), 1, 30, DEFAULT_EXTENSION_DAYS, key=f"{key}-days")}


def _notice_input(
    _options: FieldOptions, _appeals: Sequence[AppealVersion], _language: str, key: str
) -> dict[str, Any] | None:
    """Whether the applicant is notified of an extension, which the law demands."""
    return {"notice": st.checkbox(_("The applicant is told of the extension"), key=f"{key}-notice")}


def _topic_input(
    options: FieldOptions, _appeals: Sequence[AppealVersion], language: str, key: str
) -> dict[str, Any] | None:
    """A topic of the lowest level."""
    topics = options.lowest_level_topics(language)
    return {"topic": _selectbox(_("New topic"), topics, f"{key}-topic")} if topics else None


def _original_input(
    options: FieldOptions, _appeals: Sequence[AppealVersion], _language: str, key: str
) -> dict[str, Any] | None:
    """The appeal that the selected ones duplicate, by its number."""
    number = st.text_input(_("Number of the appeal that they repeat"), key=f"{key}-number")
    if not number.strip():
        return None
    original = options.appeal_by_number(number)
    if original is None:
        st.warning(failure_message("no_original"), icon=":material/info:")
        return None
    return {"region": original[0], "appeal": original[1]}


def _selectbox(label: str, options: dict[str, str], key: str) -> str:
    """The chosen code; the first one when the code chosen before is no longer offered."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    code: str = st.selectbox(label, list(options), format_func=options.__getitem__, key=key)
    return code


INPUTS: dict[ActionField, InputFunction] = {
    "holder": _holder_input,
    "days": _days_input,
    "notice": _notice_input,
    "topic": _topic_input,
    "original": _original_input,
}
