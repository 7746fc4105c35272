"""The inputs of an action's form besides the reason."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import streamlit as st

from components.actions.error_messages import failure_message
from components.actions.holder_choice import holder_input
from otklik.actions.catalogue import ActionField, BulkAction
from otklik.actions.holder_ranking import HolderOptions
from otklik.actions.model import AppealVersion
from otklik.i18n import _

DEFAULT_EXTENSION_DAYS = 10


class FieldOptions(Protocol):
    """What the inputs offer, as `otklik.actions.bulk` reads it from the database."""

    def holder_options(self, appeals: Sequence[AppealVersion], language: str) -> HolderOptions:
        """Who may take each of the appeals, and who closed such appeals lately."""

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
    widget_key = f"{key}-topic"
    if st.session_state.get(widget_key) not in topics:
        st.session_state.pop(widget_key, None)
    code = st.selectbox(
        _("New topic"),
        list(topics),
        index=None,
        format_func=topics.__getitem__,
        placeholder=_("Choose a topic"),
        key=widget_key,
    )
    return {"topic": code} if code else None


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


INPUTS: dict[ActionField, InputFunction] = {
    "holder": holder_input,
    "days": _days_input,
    "notice": _notice_input,
    "topic": _topic_input,
    "original": _original_input,
}
