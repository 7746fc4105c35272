"""Asking for a situation report: it is made in the background, and the page says how far it is."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from components.auth.identity import is_wall_screen
from components.export.panel_menu import MIME_TYPES, stored_download
from components.layout.panel import error_message
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from queries.filters import Filters

KIND_LABELS = {"pdf": N_("PDF for reading"), "xlsx": N_("XLSX for counting on")}


class ReportJob(Protocol):
    """`otklik.reports.jobs.ReportJob`: what is being made, and how far it is."""

    filters: "Filters"
    stage: str
    steps_done: int
    steps_total: int
    future: "Future[bytes]"


StartReport = Callable[[str, "Filters"], ReportJob]


def report_menu(start_job: StartReport, filters: "Filters") -> None:
    """A menu with the report of what the page shows, in each kind; none on a wall screen."""
    if is_wall_screen():
        return
    popover = st.popover(
        _("Situation report"), icon=":material/summarize:", type="tertiary", key="report", on_change="rerun"
    )
    if not popover.open:
        return
    with popover:
        st.caption(_("Figures against target, map, charts and the overdue appeals of what this page shows."))
        for kind, label in KIND_LABELS.items():
            report_button(kind, _(label), start_job, filters)


def report_button(kind: str, label: str, start_job: StartReport, filters: "Filters") -> None:
    """The report in one kind: to be asked for, being made, or there."""
    jobs: dict[str, ReportJob] = st.session_state.setdefault("reports", {})
    job = jobs.get(kind)
    failed = job is not None and job.future.done() and job.future.exception() is not None
    if job is None or job.filters != filters or failed:
        if failed and job and job.filters == filters:
            st.warning(error_message(job.future.exception() or Exception()), icon=":material/error:")
        if not st.button(label, key=f"report-{kind}", icon=":material/play_arrow:"):
            return
        job = jobs[kind] = start_job(kind, filters)
    if job.future.done():
        file_name = report_file_name(filters, kind)
        st.download_button(
            _("Download: {what}").format(what=label),
            data=stored_download(job.future.result, kind, file_name),
            file_name=file_name,
            mime=MIME_TYPES[kind],
            key=f"report-{kind}-file",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
    else:
        st.progress(job.steps_done / job.steps_total, text=f"{label}: {job.stage}…")


def report_file_name(filters: "Filters", kind: str) -> str:
    """A file's name: the territory and the days."""
    last_day = filters.end - timedelta(days=1)
    return f"otklik-{filters.territory or 'all'}-{filters.start.isoformat()}-{last_day.isoformat()}.{kind}"
