"""The list of open appeals as a file, written in the background batch by batch."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

import pandas as pd

from components.export.tabular import XlsxWriter, csv_lines
from components.tables.columns import COLUMNS
from components.text.appeal_state import STATE_LABELS
from otklik.i18n import N_, _, formats
from otklik.reports.file_job import FileJob, start_file_job
from queries.filters import Filters
from queries.queue import export
from queries.queue.list_filters import ListCriteria

LOCAL_TIME_TITLES = {
    "received_at": N_("Received (local time)"),
    "deadline_at": N_("Deadline (local time)"),
}


def start_export(kind: str, filters: Filters, criteria: ListCriteria, list_query: str) -> FileJob:
    """Begin a file (`csv` or `xlsx`) for the current viewer; its progress counts appeals.

    `list_query` is the list as an address's query string; the audit records it with the number of appeals.
    """

    def write_file(job: FileJob, file: IO[bytes]) -> None:
        write_export(job, file, export.row_batches(filters, criteria))
        export.record_export(kind, list_query, job.done)

    return start_file_job(kind, export.MAX_ROWS, write_file)


def write_export(job: FileJob, file: IO[bytes], batches: Iterable[pd.DataFrame]) -> None:
    """Write the batches of queries.queue.export.row_batches as they come."""
    titles = [_(LOCAL_TIME_TITLES.get(name, COLUMNS[name].label)) for name in export.EXPORT_COLUMNS]
    if job.kind == "csv":
        file.writelines(csv_lines(titles, export_rows(job, batches)))
        return
    writer = XlsxWriter(file, _("Open appeals"))
    writer.write_table(_("Open appeals"), titles, export_rows(job, batches))
    exported_at = f"{formats.day(datetime.now(UTC))}, {formats.clock(datetime.now(UTC))} UTC"
    writer.write_notes(
        _("Open appeals"),
        [_("Exported: {when}. Appeals: {n}.").format(when=exported_at, n=formats.number(job.done))],
    )
    writer.close()


def export_rows(job: FileJob, batches: Iterable[pd.DataFrame]) -> Iterator[tuple[object, ...]]:
    """The rows of the batches with the state's label in the viewer's language; counts them in the job."""
    for batch in batches:
        display_rows = batch.assign(state=[_(STATE_LABELS[state]) for state in batch["state"]])
        yield from display_rows.itertuples(index=False, name=None)
        job.done += len(batch)
