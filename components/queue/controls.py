"""What narrows and sorts the list of open appeals: state, stage, age, words, order; all in the address."""

from typing import TYPE_CHECKING

import streamlit as st

from components.url import query_params
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    import pandas as pd

    from queries.queue.list_filters import Wanted

STATES = {"": N_("All open"), "overdue": N_("Overdue"), "at_risk": N_("At risk"), "within": N_("Within time")}
AGES = {
    "": N_("Any age"),
    "0": N_("less than 1 day"),
    "1": N_("1–3 days"),
    "3": N_("3–7 days"),
    "7": N_("7 days and more"),
}
SORTS = {
    "deadline": N_("Next deadline first"),
    "deadline_last": N_("Last deadline first"),
    "oldest": N_("Oldest first"),
    "newest": N_("Newest first"),
}
PLACE = ("after", "before")
"""Where in the list one is: another list begins at its beginning."""


def states(wanted: "Wanted", counts: dict[str, int]) -> None:
    """All, or those of one state, with how many are open."""
    names = {code: counted(_(name), counts.get(code, 0)) if code else _(name) for code, name in STATES.items()}
    st.segmented_control(
        _("State"),
        list(names),
        format_func=names.__getitem__,
        key=_set("state", wanted.state),
        required=True,
        label_visibility="collapsed",
        on_change=keep,
        args=("state", ""),
    )


def controls(wanted: "Wanted", counts: "pd.DataFrame", stages: dict[str, str]) -> None:
    """Search, stage, age and order. `counts`: queries.queue.open_list.counts; `stages`: their names by code."""
    by_stage = counts.groupby("stage")["appeals"].sum()
    by_age = counts.groupby("age")["appeals"].sum()
    searched, staged, aged, sorted_by = st.columns([3, 2, 2, 2], gap="small")
    searched.text_input(
        _("Search"),
        key=_set("q", wanted.words),
        placeholder=_("Number or words"),
        icon=":material/search:",
        max_chars=200,
        label_visibility="collapsed",
        on_change=keep,
        args=("q", ""),
    )
    with staged:
        named = {code: counted(name, by_stage.get(code, 0)) for code, name in stages.items()}
        _select("stage", _("Stage"), wanted.stage, {"": _("All stages")} | named, "")
    with aged:
        named = {code: counted(_(name), by_age.get(code, 0)) if code else _(name) for code, name in AGES.items()}
        _select("age", _("Age"), wanted.age, named, "")
    with sorted_by:
        _select("sort", _("Order"), wanted.sort, {code: _(name) for code, name in SORTS.items()}, "deadline")


def counted(name: str, n: int) -> str:
    """A choice with how many there are."""
    return f"{name} ({formats.number(n)})"


def _set(name: str, value: str) -> str:
    key = f"list-{name}"
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _select(name: str, label: str, value: str, options: dict[str, str], usual: str) -> None:
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=_set(name, value),
        label_visibility="collapsed",
        on_change=keep,
        args=(name, usual),
    )


def keep(name: str, usual: str) -> None:
    """Write a choice into the address; the list begins anew."""
    value = st.session_state[f"list-{name}"] or ""
    query_params.write(**{name: None if value == usual else value}, **dict.fromkeys(PLACE))
