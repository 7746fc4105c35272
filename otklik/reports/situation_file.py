"""The situation report as a file: made at once for the command line, in the background for a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import IO

from otklik.progress import ProgressCallback
from otklik.reports import workbook
from otklik.reports.file_audit import record_file
from otklik.reports.file_job import FileJob, start_file_job
from otklik.reports.situation import STAGES, Situation, announce_stage, current_situation
from otklik.reports.situation_pdf import situation_pdf
from queries.filters import Filters

FILE_BUILDERS: dict[str, Callable[[Situation], bytes]] = {"pdf": situation_pdf, "xlsx": workbook.situation_xlsx}


def make_report(kind: str, filters: Filters, on_progress: ProgressCallback) -> bytes:
    """A report as `pdf` or `xlsx`, in the current viewer's scope and language."""
    report = current_situation(filters, on_progress)
    announce_stage(on_progress, len(STAGES) - 1)
    content = FILE_BUILDERS[kind](report)
    on_progress("", len(STAGES), len(STAGES))
    return content


def start_report(kind: str, filters: Filters) -> FileJob:
    """Begin a report as `pdf` or `xlsx` for the current viewer; its progress counts stages."""

    def write_report(job: FileJob, file: IO[bytes]) -> None:
        file.write(make_report(kind, filters, job.set_progress))
        days = {"start": filters.start.isoformat(), "end": (filters.end - timedelta(days=1)).isoformat()}
        members = {name: getattr(filters, name) for name in ("territory", "topic", "organisation", "regime", "channel")}
        record_file(
            "report exported", f"report {kind}", **days, **{name: code for name, code in members.items() if code}
        )

    return start_file_job(kind, len(STAGES), write_report)
