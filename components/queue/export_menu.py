"""Taking the list of open appeals away as a file: it is made in the background, and the page says how far it is."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from typing import IO, Protocol

import streamlit as st

from components.export.panel_menu import TYPES
from components.layout.panel import LIVE, sentence
from otklik.i18n import _, formats

KINDS = {"xlsx": "XLSX", "csv": "CSV"}


class Job(Protocol):
    """`otklik.reports.queue_export.Job`."""

    written: int
    future: "Future[IO[bytes]]"


def export(start: Callable[[str], Job], of: str, most: int) -> None:
    """Both kinds of file for the list that `of` names, each to be asked for, being made, or there."""
    st.caption(
        _(
            "The whole list as it is now, with its filters: at most {n} appeals, without personal data."
            " Each export is recorded."
        ).format(n=formats.number(most))
    )
    jobs: dict[tuple[str, str], Job] = st.session_state.setdefault("list-exports", {})
    for kind, name in KINDS.items():
        job = jobs.get((kind, of))
        if job is not None and job.future.done() and (error := job.future.exception()):
            st.warning(sentence(error), icon=":material/error:")
            job = None
        if job is None and st.button(
            _("Prepare {kind}").format(kind=name), key=f"export-{kind}", icon=":material/play_arrow:"
        ):
            # Only the last list's files are kept.
            for other in [one for one in jobs if one[1] != of]:
                del jobs[other]
            job = jobs[kind, of] = start(kind)
        if job is not None:
            made(job, kind, name, most)


def made(job: Job, kind: str, name: str, most: int) -> None:
    """A file that is being made, or there."""
    if not job.future.done():
        progress(job, most)
        return

    def read() -> bytes:
        file = job.future.result()
        file.seek(0)
        return file.read()

    st.download_button(
        _("Download {name}").format(name=f"{name} ({formats.number(job.written)})"),
        data=read,
        file_name=f"otklik-open-{date.today().isoformat()}.{kind}",  # noqa: DTZ011 -- the server's day is near enough
        mime=TYPES[kind],
        key=f"export-{kind}-file",
        icon=":material/download:",
        on_click="ignore",
        type="primary",
    )
    if job.written >= most:
        st.caption(_("The file holds the first {n}: narrow the filters for the others.").format(n=formats.number(most)))


@st.fragment(run_every=LIVE)
def progress(job: Job, most: int) -> None:
    """How far it is; once it is there, the page stands still again, so that a click finds what it was meant for."""
    if job.future.done():
        st.rerun()
    st.progress(min(job.written / most, 1.0), text=_("Appeals written: {n}").format(n=formats.number(job.written)))
