"""The menu that exports the list of open appeals to a file, made in the background."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from components.export.file_job_button import FileOffer, file_job_button
from components.layout.error_boundary import error_boundary
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from otklik.reports.file_job import FileJob

KIND_LABELS = {"xlsx": "XLSX", "csv": "CSV"}
StartExport = Callable[[str], "FileJob"]
"""Starts the export of the list on the screen to a kind of file: otklik.reports.queue_export.start_export."""


def queue_export_menu(start_export: StartExport, list_query: str, max_rows: int) -> None:
    """A menu with `queue_export_buttons`, which are drawn once it is open."""
    menu = st.popover(_("Export"), icon=":material/download:", type="tertiary", key="export", on_change="rerun")
    if menu.open:
        with menu, error_boundary():
            queue_export_buttons(start_export, list_query, max_rows)


def queue_export_buttons(start_export: StartExport, list_query: str, max_rows: int) -> None:
    """A button for each kind of file of at most `max_rows` appeals; `list_query`: the list as a query string."""
    st.caption(
        _(
            "The whole list as it is now, with its filters: at most {n} appeals, without personal data."
            " Each export is recorded."
        ).format(n=formats.number(max_rows))
    )
    for kind, label in KIND_LABELS.items():
        job = file_job_button(export_offer(kind, label, start_export, list_query))
        if job is not None and job.done >= max_rows:
            st.caption(
                _("The file holds the first {n}: narrow the filters for the others.").format(n=formats.number(max_rows))
            )


def export_offer(kind: str, label: str, start_export: StartExport, list_query: str) -> FileOffer:
    """The offer of a file of one kind."""
    return FileOffer(
        key=f"export-{kind}",
        source=list_query,
        start=partial(start_export, kind),
        start_label=_("Prepare {kind}").format(kind=label),
        download_label=lambda job: _("Download {name}").format(name=f"{label} ({formats.number(job.done)})"),
        progress_text=lambda job: _("Appeals written: {n}").format(n=formats.number(job.done)),
        file_name=f"otklik-open-{date.today().isoformat()}.{kind}",  # noqa: DTZ011 -- the server's day is near enough
    )
