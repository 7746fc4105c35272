"""What an action has to be told besides the reason."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.actions import refusal_messages
from components.text.escape import line
from otklik.actions import field_options
from otklik.actions.candidates import Holder, candidates
from otklik.actions.operations import Action, Case
from otklik.i18n import _, formats, ngettext

USUAL = 10  # days of an extension


def of(action: Action, cases: Sequence[Case], language: str, key: str) -> dict[str, Any] | None:
    """The fields of an action as `otklik.actions.bulk.do` takes them; None while something is missing."""
    asking = {"reassign": _holder, "extend": _days, "topic": _topic, "duplicate": _original}
    return asking[action](cases, language, key) if action in asking else {}


def _holder(cases: Sequence[Case], language: str, key: str) -> dict[str, Any] | None:
    """Who is to have them, with what each has to do; the best first."""
    found = {one.code: one for one in candidates(cases, language)}
    if not found:
        st.warning(_("No other organisation in your territories may take these appeals."), icon=":material/info:")
        return None
    names = {code: f"{line(one.name)} · {_load(one)}" for code, one in found.items()}
    chosen = _chosen(_("New holder"), names, key)
    taken = found[chosen]
    said = [f"{_load(taken)}, {_pace(taken)}"]
    if taken.takes < len(cases):
        said.append(_("It may take {n} of the {all} chosen.").format(n=taken.takes, all=len(cases)))
    if taken is next(iter(found.values())) and taken.answered:
        said.append(_why(taken))
    st.caption(" · ".join(said))
    return {"holder": chosen}


def _load(one: Holder) -> str:
    """`120 open, 14 overdue`."""
    return _("{open} open, {overdue} overdue").format(
        open=formats.number(one.open), overdue=formats.number(one.overdue)
    )


def _pace(one: Holder) -> str:
    """`through in 6.2 d`."""
    pace = one.days_to_clear
    return _("closed nothing lately") if pace is None else _("through in {days}").format(days=formats.days(pace))


def _why(best: Holder) -> str:
    """Why the first one is suggested."""
    return ngettext(
        "**Suggested**: it closed {n} appeal on these topics here in the last 90 days, and is through soonest of those"
        " who did.",
        "**Suggested**: it closed {n} appeals on these topics here in the last 90 days, and is through soonest of those"
        " who did.",
        best.answered,
    ).format(n=formats.number(best.answered))


def _days(_cases: Sequence[Case], _language: str, key: str) -> dict[str, Any]:
    days = st.number_input(_("Days more"), 1, 30, USUAL, key=f"{key}-days")
    notice = st.checkbox(_("The applicant is told of the extension"), key=f"{key}-notice")
    return {"days": days, "notice": notice}


def _topic(_cases: Sequence[Case], language: str, key: str) -> dict[str, Any] | None:
    topics = field_options.topics(language)
    return {"topic": _chosen(_("New topic"), topics, key)} if topics else None


def _original(_cases: Sequence[Case], _language: str, key: str) -> dict[str, Any] | None:
    number = st.text_input(_("Number of the appeal that they repeat"), key=f"{key}-number")
    if not number.strip():
        return None
    found = field_options.appeal_of(number)
    if found is None:
        st.warning(refusal_messages.of_all("no_original"), icon=":material/info:")
        return None
    return {"region": found[0], "appeal": found[1]}


def _chosen(label: str, options: dict[str, str], key: str) -> str:
    """One of the options; what isn't among them any more gives way to the first."""
    if st.session_state.get(f"{key}-choice") not in options:
        st.session_state.pop(f"{key}-choice", None)
    chosen: str = st.selectbox(label, list(options), format_func=options.__getitem__, key=f"{key}-choice")
    return chosen
