"""The list of open appeals as a file, made in the background, a piece at a time."""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import IO

import pandas as pd

from components.export import column_titles
from components.export.tabular import XlsxWriter, csv_lines
from otklik.database import scope
from otklik.i18n import N_, _, current_language, formats, set_language
from queries.filters import Filters
from queries.queue import export
from queries.queue.list_filters import ListCriteria

MAX_PARALLEL_EXPORTS = 1
"""Files made at the same time; others wait, so that the screens of others don't."""
EXTRA_COLUMN_TITLES = {
    "source": N_("Source"),
    "region": N_("Region"),
    "received_at": N_("Received (local time)"),
    "deadline_at": N_("Deadline (local time)"),
}
STATE_LABELS = {"within": N_("Within time"), "at_risk": N_("At risk"), "overdue": N_("Overdue")}


@dataclass
class ExportJob:
    """A file that is being made: how many appeals it holds so far, and in the end the file or the error."""

    kind: str
    rows_written: int = 0
    future: "Future[IO[bytes]]" = field(default_factory=Future)


@cache
def executor() -> ThreadPoolExecutor:
    """The thread that files are made on."""
    return ThreadPoolExecutor(MAX_PARALLEL_EXPORTS, thread_name_prefix="export")


def start_export(kind: str, filters: Filters, list_filters: ListCriteria, list_query: str) -> ExportJob:
    """Begin a file (`csv` or `xlsx`) for who looks now, in their scope and language."""
    job, viewer_scope, language = ExportJob(kind), scope.current_scope(), current_language()

    def run() -> IO[bytes]:
        set_language(language)
        with scope.acting_as(viewer_scope):
            # Without a name: it goes with the last who holds it.
            file = tempfile.TemporaryFile()  # noqa: SIM115
            write_export(job, file, export.row_batches(filters, list_filters))
            export.record_export(kind, list_query, job.rows_written)
        file.seek(0)
        return file

    job.future = executor().submit(run)
    return job


def write_export(job: ExportJob, file: IO[bytes], chunks: Iterable[pd.DataFrame]) -> None:
    """Write the pieces as they come."""
    titles = [_((column_titles.COLUMN_TITLES | EXTRA_COLUMN_TITLES)[name]) for name in export.EXPORT_COLUMNS]
    if job.kind == "csv":
        file.writelines(csv_lines(titles, export_rows(job, chunks)))
        return
    writer = XlsxWriter(file, _("Open appeals"))
    writer.write_table(_("Open appeals"), titles, export_rows(job, chunks))
    exported_at = f"{formats.day(datetime.now(UTC))}, {formats.clock(datetime.now(UTC))} UTC"
    writer.write_notes(
        _("Open appeals"),
        [_("Exported: {when}. Appeals: {n}.").format(when=exported_at, n=formats.number(job.rows_written))],
    )
    writer.close()


def export_rows(job: ExportJob, chunks: Iterable[pd.DataFrame]) -> Iterator[tuple[object, ...]]:
    """The rows of the pieces, counted; states in words."""
    for chunk in chunks:
        display_rows = chunk.assign(state=[_(STATE_LABELS[state]) for state in chunk["state"]])
        yield from display_rows.itertuples(index=False, name=None)
        job.rows_written += len(chunk)
