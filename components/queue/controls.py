"""Controls that filter and sort the list of open appeals; each choice is in the address."""

from typing import TYPE_CHECKING

import streamlit as st

from components.streamlit_compat.url_widget import url_widget_key
from components.tables.head_sort import CURSOR_PARAMS, sort_labels, sort_selectbox
from components.text.appeal_state import STATE_LABELS
from components.url import query_params
from components.url.choice import write_choice
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from queries.queue.list_filters import ListCriteria

STATE_OPTIONS = {"": N_("All open")} | {state: STATE_LABELS[state] for state in ("overdue", "at_risk", "within")}
AGE_LABELS = {
    "": N_("Any age"),
    "0": N_("less than 1 day"),
    "1": N_("1–3 days"),
    "3": N_("3–7 days"),
    "7": N_("7 days and more"),
}
DUE_LABELS = {
    "": N_("Any deadline"),
    "today": N_("Due today"),
    "tomorrow": N_("Due tomorrow"),
    "week": N_("Due within 7 days"),
    "missed": N_("Missed since yesterday"),
    "yesterday": N_("Missed yesterday"),
}
"""By the codes of queries.counts.due_days.DUE_RANGES."""
SEARCH_PARAMS = ("q", "state", "stage", "age", "due")
"""The query parameters that narrow the list besides the filters."""


def read_list_params(stages: "Collection[str]") -> dict[str, str]:
    """The criteria in the address; unknown values are ignored and named. `stages`: codes of stages of open appeals."""
    options: dict[str, Collection[str]] = {
        "state": STATE_OPTIONS,
        "stage": stages,
        "age": AGE_LABELS,
        "due": DUE_LABELS,
        "sort": sort_labels(),
    }
    criteria = {name: query_params.read(name, allowed, "") for name, allowed in options.items()}
    return criteria | {"q": query_params.read_text("q")}


def state_control(criteria: "ListCriteria", counts: "Mapping[str, float | None]") -> None:
    """A choice of all open appeals or those of one state. `counts`: open appeals by state, None where unknown."""
    labels = {
        code: label_with_count(_(name), counts.get(code)) if code else _(name) for code, name in STATE_OPTIONS.items()
    }
    key = url_widget_key("list-state", criteria.state, labels)
    st.segmented_control(
        _("State"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=write_choice,
        args=("state", key, "", CURSOR_PARAMS),
    )


def list_controls(criteria: "ListCriteria", counts: "pd.DataFrame", stage_names: dict[str, str]) -> None:
    """A search box and choices of stage, age, deadline and order.

    `counts`: queries.queue.open_list.counts_by_stage_and_age. `stage_names`: queries.queue.open_list.open_stages.
    """
    stage_counts = counts.groupby("stage")["appeals"].sum()
    age_counts = counts.groupby("age")["appeals"].sum()
    search_column, stage_column, age_column, due_column, sort_column = st.columns([3, 2, 2, 2, 2], gap="small")
    search_key = url_widget_key("list-q", criteria.search_text)
    search_column.text_input(
        _("Search"),
        key=search_key,
        placeholder=_("Search by number or text"),
        icon=":material/search:",
        max_chars=200,
        label_visibility="collapsed",
        on_change=write_choice,
        args=("q", search_key, "", CURSOR_PARAMS),
    )
    with stage_column:
        labels = {code: label_with_count(name, stage_counts.get(code, 0)) for code, name in stage_names.items()}
        _filter_select("stage", _("Stage"), criteria.stage, {"": _("All stages")} | labels, "")
    with age_column:
        labels = {
            code: label_with_count(_(name), age_counts.get(code, 0)) if code else _(name)
            for code, name in AGE_LABELS.items()
        }
        _filter_select("age", _("Age"), criteria.age, labels, "")
    with due_column:
        _filter_select("due", _("Deadline"), criteria.due, {code: _(name) for code, name in DUE_LABELS.items()}, "")
    with sort_column:
        sort_selectbox(criteria.sort)


def label_with_count(name: str, count: float | None) -> str:
    """The label of a choice with its number of appeals; a dash where that is unknown."""
    return f"{name} ({'—' if count is None else formats.number(count)})"


def _filter_select(name: str, label: str, value: str, options: dict[str, str], default: str) -> None:
    key = url_widget_key(f"list-{name}", value, options)
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=write_choice,
        args=(name, key, default, CURSOR_PARAMS),
    )
