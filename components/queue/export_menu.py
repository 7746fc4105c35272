"""Taking the list of open appeals away as a file: it is made in the background, and the page says how far it is."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from typing import IO, Protocol

import streamlit as st

from components.export.panel_menu import MIME_TYPES
from components.layout.panel import REFRESH_INTERVAL, error_message
from otklik.i18n import _, formats

KIND_LABELS = {"xlsx": "XLSX", "csv": "CSV"}


class ExportJob(Protocol):
    """`otklik.reports.queue_export.ExportJob`."""

    rows_written: int
    future: "Future[IO[bytes]]"


def queue_export_buttons(start_job: Callable[[str], ExportJob], list_query: str, max_rows: int) -> None:
    """Both kinds of file for the list that `of` names, each to be asked for, being made, or there."""
    st.caption(
        _(
            "The whole list as it is now, with its filters: at most {n} appeals, without personal data."
            " Each export is recorded."
        ).format(n=formats.number(max_rows))
    )
    jobs: dict[tuple[str, str], ExportJob] = st.session_state.setdefault("list-exports", {})
    for kind, label in KIND_LABELS.items():
        job = jobs.get((kind, list_query))
        if job is not None and job.future.done() and (error := job.future.exception()):
            st.warning(error_message(error), icon=":material/error:")
            job = None
        if job is None and st.button(
            _("Prepare {kind}").format(kind=label), key=f"export-{kind}", icon=":material/play_arrow:"
        ):
            # Only the last list's files are kept.
            for stale_key in [job_key for job_key in jobs if job_key[1] != list_query]:
                del jobs[stale_key]
            job = jobs[kind, list_query] = start_job(kind)
        if job is not None:
            download_or_progress(job, kind, label, max_rows)


def download_or_progress(job: ExportJob, kind: str, label: str, max_rows: int) -> None:
    """A file that is being made, or there."""
    if not job.future.done():
        export_progress(job, max_rows)
        return

    def read_file() -> bytes:
        file = job.future.result()
        file.seek(0)
        return file.read()

    st.download_button(
        _("Download {name}").format(name=f"{label} ({formats.number(job.rows_written)})"),
        data=read_file,
        file_name=f"otklik-open-{date.today().isoformat()}.{kind}",  # noqa: DTZ011 -- the server's day is near enough
        mime=MIME_TYPES[kind],
        key=f"export-{kind}-file",
        icon=":material/download:",
        on_click="ignore",
        type="primary",
    )
    if job.rows_written >= max_rows:
        st.caption(
            _("The file holds the first {n}: narrow the filters for the others.").format(n=formats.number(max_rows))
        )


@st.fragment(run_every=REFRESH_INTERVAL)
def export_progress(job: ExportJob, max_rows: int) -> None:
    """How far it is; once it is there, the page stands still again, so that a click finds what it was meant for."""
    if job.future.done():
        st.rerun()
    st.progress(
        min(job.rows_written / max_rows, 1.0), text=_("Appeals written: {n}").format(n=formats.number(job.rows_written))
    )
