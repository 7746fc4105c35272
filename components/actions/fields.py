"""What an action has to be told besides the reason."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.actions import refusal_messages
from components.text.escape import clean_line
from otklik.actions import field_options
from otklik.actions.candidates import HolderCandidate, holder_candidates
from otklik.actions.operations import Action, AppealVersion
from otklik.i18n import _, formats, ngettext

DEFAULT_EXTENSION_DAYS = 10  # days of an extension


def action_fields(action: Action, appeals: Sequence[AppealVersion], language: str, key: str) -> dict[str, Any] | None:
    """The fields of an action as `otklik.actions.bulk.execute` takes them; None while something is missing."""
    field_by_action = {
        "reassign": _holder_field,
        "extend": _extension_fields,
        "topic": _topic_field,
        "duplicate": _original_field,
    }
    return field_by_action[action](appeals, language, key) if action in field_by_action else {}


def _holder_field(appeals: Sequence[AppealVersion], language: str, key: str) -> dict[str, Any] | None:
    """Who is to have them, with what each has to do; the best first."""
    holders = {holder.code: holder for holder in holder_candidates(appeals, language)}
    if not holders:
        st.warning(_("No other organisation in your territories may take these appeals."), icon=":material/info:")
        return None
    labels = {code: f"{clean_line(holder.name)} · {_workload(holder)}" for code, holder in holders.items()}
    holder_code = _selectbox(_("New holder"), labels, key)
    selected = holders[holder_code]
    notes = [f"{_workload(selected)}, {_clearing_time(selected)}"]
    if selected.takes_count < len(appeals):
        notes.append(_("It may take {n} of the {all} chosen.").format(n=selected.takes_count, all=len(appeals)))
    if selected is next(iter(holders.values())) and selected.answered:
        notes.append(_suggestion_reason(selected))
    st.caption(" · ".join(notes))
    return {"holder": holder_code}


def _workload(holder: HolderCandidate) -> str:
    """`120 open, 14 overdue`."""
    return _("{open} open, {overdue} overdue").format(
        open=formats.number(holder.open), overdue=formats.number(holder.overdue)
    )


def _clearing_time(holder: HolderCandidate) -> str:
    """`through in 6.2 d`."""
    days = holder.days_to_clear
    return _("closed nothing lately") if days is None else _("through in {days}").format(days=formats.days(days))


def _suggestion_reason(holder: HolderCandidate) -> str:
    """Why the first one is suggested."""
    return ngettext(
        "**Suggested**: it closed {n} appeal on these topics here in the last 90 days, and is through soonest of those"
        " who did.",
        "**Suggested**: it closed {n} appeals on these topics here in the last 90 days, and is through soonest of those"
        " who did.",
        holder.answered,
    ).format(n=formats.number(holder.answered))


def _extension_fields(_appeals: Sequence[AppealVersion], _language: str, key: str) -> dict[str, Any]:
    days = st.number_input(_("Days more"), 1, 30, DEFAULT_EXTENSION_DAYS, key=f"{key}-days")
    notice = st.checkbox(_("The applicant is told of the extension"), key=f"{key}-notice")
    return {"days": days, "notice": notice}


def _topic_field(_appeals: Sequence[AppealVersion], language: str, key: str) -> dict[str, Any] | None:
    topics = field_options.lowest_level_topics(language)
    return {"topic": _selectbox(_("New topic"), topics, key)} if topics else None


def _original_field(_appeals: Sequence[AppealVersion], _language: str, key: str) -> dict[str, Any] | None:
    number = st.text_input(_("Number of the appeal that they repeat"), key=f"{key}-number")
    if not number.strip():
        return None
    original = field_options.appeal_by_number(number)
    if original is None:
        st.warning(refusal_messages.for_action("no_original"), icon=":material/info:")
        return None
    return {"region": original[0], "appeal": original[1]}


def _selectbox(label: str, options: dict[str, str], key: str) -> str:
    """One of the options; what isn't among them any more gives way to the first."""
    if st.session_state.get(f"{key}-choice") not in options:
        st.session_state.pop(f"{key}-choice", None)
    choice: str = st.selectbox(label, list(options), format_func=options.__getitem__, key=f"{key}-choice")
    return choice
