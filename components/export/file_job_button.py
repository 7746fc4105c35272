"""A file made in the background: a button to start it, its progress, and the download once it is ready."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.export.panel_menu import MIME_TYPES, stored_download
from components.layout.auto_refresh import REFRESH_INTERVAL
from components.layout.error_boundary import error_message

if TYPE_CHECKING:
    from otklik.reports.file_job import FileJob

SESSION_KEY = "file-jobs"


@dataclass(frozen=True)
class FileOffer:
    """A file that can be made for the viewer, and its texts in the viewer's language."""

    key: str
    """Of the start button; the download button's ends in `-file`."""
    source: Hashable
    """What the file is made of: a job of another source isn't offered."""
    start: Callable[[], "FileJob"]
    start_label: str
    download_label: Callable[["FileJob"], str]
    progress_text: Callable[["FileJob"], str]
    file_name: str


def file_job_button(offer: FileOffer) -> "FileJob | None":
    """Draw the offer in its current state; after a failure, why, and the start button again.

    The job of the file that can be downloaded; None while there is none.
    """
    jobs: dict[str, tuple[Hashable, FileJob]] = st.session_state.setdefault(SESSION_KEY, {})
    source, job = jobs.get(offer.key, (None, None))
    if job is not None and source != offer.source:
        job = None
    if job is not None and job.error is not None:
        st.warning(error_message(job.error), icon=":material/error:")
        job = None
    if job is None:
        if not st.button(offer.start_label, key=offer.key, icon=":material/play_arrow:"):
            return None
        job = offer.start()
        jobs[offer.key] = offer.source, job
    if not job.is_finished:
        refreshing_progress_bar(offer, job)
        return None
    st.download_button(
        offer.download_label(job),
        data=stored_download(job.content, job.kind, offer.file_name),
        file_name=offer.file_name,
        mime=MIME_TYPES[job.kind],
        key=f"{offer.key}-file",
        icon=":material/download:",
        on_click="ignore",
        type="primary",
    )
    return job


@st.fragment(run_every=REFRESH_INTERVAL)
def refreshing_progress_bar(offer: FileOffer, job: "FileJob") -> None:
    """Show the progress of the job until it ends; then rerun the page, which shows the file instead."""
    if job.is_finished:
        st.rerun()
    st.progress(min(job.done / job.total, 1.0), text=offer.progress_text(job))
