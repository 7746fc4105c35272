"""Data sources: the table of their states, the form that commands one, and the runs of one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st

from components.admin.person_form import reason_input
from components.layout import flash
from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_timezone, viewer_timezone_note
from components.streamlit_compat.url_widget import url_widget_key
from components.tables.cell_click import CellClick
from components.tables.columns import columns_of
from components.tables.data_table import data_table
from components.text.escape import clean_line, escape_markdown
from components.url import query_params
from components.url.choice import write_choice
from components.url.page_filters import set_filters
from otklik.i18n import N_, _, durations, formats, ngettext

MAX_ROWS_SHOWN = 12
"""The number of rows above which a table scrolls."""
KIND_LABELS = {"folder": N_("Folder"), "database": N_("Database"), "open311": N_("Open311"), "push": N_("Push")}
SOURCE_WIDTHS = {
    "source_name": 120, "kind": 118, "state": 140, "lag": 90, "arrived_at": 118, "new": 72, "changed": 92,
    "rejected": 92, "every": 78, "error": 310,
}  # fmt: skip
RUN_WIDTHS = {
    "ended_at": 165, "took": 80, "read": 90, "new": 72, "changed": 92, "rejected": 92, "reasons": 300, "error": 340,
}  # fmt: skip
CommandKind = Literal["run", "pause", "resume"]


class SourceCommand(NamedTuple):
    """A submitted form: what a data source is to do."""

    kind: CommandKind
    source_id: int
    reason: str


def data_source_table(rows: pd.DataFrame) -> None:
    """One row a data source, by name: its state, how far behind it is, and what the last 24 hours brought.

    A click on a name puts it into the URL. `rows`: queries.data_sources.all_data_sources.
    """
    if rows.empty:
        empty_state(_("No data source yet. At the console `otklik source add` adds one."))
        return
    names = [str(name) for name in rows["name"]]
    records = rows.to_dict("records")
    timezone = viewer_timezone()
    arrivals: list[Any] = [at.astimezone(timezone) if pd.notna(at) else None for at in rows["changed_at"]]

    def select_source(position: int) -> None:
        set_filters(source=names[position])

    data_table(
        rows.assign(
            kind=[_(KIND_LABELS[kind]) for kind in rows["kind"]],
            state=[source_state(row) for row in records],
            lag=[lag_text(row) for row in records],
            every=[interval_text(row) for row in records],
            changed_at=arrivals,
            error=rows["error"].map(clean_line),
        ),
        columns_of(SOURCE_WIDTHS),
        key="data-sources",
        max_rows_shown=MAX_ROWS_SHOWN,
        cell_click=CellClick("source_name", select_source, _("Show its runs")),
        alt_text=_("Data sources, by name, with their state and what the last 24 hours brought"),
    )
    st.caption(_("New, changed and rejected rows are those of the last 24 hours."))
    viewer_timezone_note()


def source_state(source: Mapping[Any, Any]) -> str:
    """What a data source does, as a sign and a word. `source`: a row of the table."""
    if source["is_paused"]:
        return "○ " + _("paused")
    if source["failure_count"]:
        n = int(source["failure_count"])
        return "▲ " + ngettext("failed {n} time", "failed {n} times", n).format(n=formats.number(n))
    if source["is_silent"]:
        return "▲ " + _("silent")
    if pd.notna(source["running_since"]):
        return "● " + _("running")
    return "● " + (_("waiting") if pd.notna(source["read_at"]) or source["kind"] == "push" else _("not read yet"))


def lag_text(source: Mapping[Any, Any]) -> str:
    """For how long a data source hasn't been read to its end: up to then all it had is here."""
    if pd.isna(source["read_at"]):
        return ""
    return durations.format_duration((source["as_of"] - source["read_at"]) / timedelta(hours=1))


def interval_text(source: Mapping[Any, Any]) -> str:
    """How often a data source is read."""
    return "" if source["kind"] == "push" else _duration_text(timedelta(seconds=float(source["every_seconds"])))


def source_selectbox(rows: pd.DataFrame) -> str | None:
    """A select box of data sources; the name from the URL or else the first, None without any."""
    names = [str(name) for name in rows["name"]]
    if not names:
        return None
    key = url_widget_key("chosen-source", query_params.read("source", names, names[0]), names)
    return st.selectbox(_("Data source"), names, key=key, on_change=write_choice, args=("source", key, None))


def error_note(source: Mapping[Any, Any]) -> None:
    """What went wrong in the last run of a data source, whole. `source`: a row of the table."""
    if source["error"]:
        st.markdown(f":orange[:material/warning:] {escape_markdown(source['error'])}")


def command_form(source: Mapping[Any, Any]) -> SourceCommand | None:
    """A form that runs a data source at once, pauses it or lets it go on; its values in the run after it is submitted.

    `source`: a row of the table.
    """
    pressed: dict[CommandKind, bool] = {}
    # Empty again after each submission.
    key = f"source-{source['id']}-{flash.message_count()}"
    with st.form(key, border=False):
        reason = reason_input(f"{key}-reason")
        with st.container(horizontal=True, gap="small"):
            if source["is_paused"]:
                pressed["resume"] = st.form_submit_button(_("Let it go on"), type="primary")
            else:
                if source["kind"] != "push":
                    pressed["run"] = st.form_submit_button(_("Run it now"), type="primary")
                pressed["pause"] = st.form_submit_button(_("Pause it"))
    kind = next((kind for kind, is_pressed in pressed.items() if is_pressed), None)
    return SourceCommand(kind, int(source["id"]), reason) if kind else None


def run_table(rows: pd.DataFrame) -> None:
    """One row a recorded run, newest first. `rows`: queries.data_sources.recorded_runs."""
    if rows.empty:
        empty_state(_("No run has brought anything, rejected rows or failed yet."))
        return
    timezone = viewer_timezone()
    data_table(
        rows.assign(
            ended_at=[at.astimezone(timezone) for at in rows["ended_at"]],
            took=[_duration_text(row["ended_at"] - row["started_at"]) for row in rows.to_dict("records")],
            reasons=[reasons_text(reasons) for reasons in rows["reasons"]],
            error=rows["error"].map(clean_line),
        ),
        columns_of(RUN_WIDTHS),
        key="data-source-runs",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Runs of the data source, newest first"),
    )
    viewer_timezone_note()


def reasons_text(reasons: Mapping[str, int]) -> str:
    """Why rows were rejected, the most frequent reason first: `3 × a duplicate number`."""
    most_frequent = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{formats.number(count)} × {clean_line(reason)}" for reason, count in most_frequent)


def _duration_text(duration: timedelta) -> str:
    """A duration in seconds below a minute, and else in its largest unit."""
    if duration < timedelta(minutes=1):
        return _("{n} s").format(n=formats.number(duration.total_seconds()))
    return durations.format_duration(duration / timedelta(hours=1))
