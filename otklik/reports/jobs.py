"""Making a report: at once, or in the background with its progress."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from otklik.database import scope
from otklik.i18n import current_language, set_language
from otklik.reports import pdf, workbook
from otklik.reports.situation import STAGES, ProgressCallback, Situation, announce_stage, current_situation
from queries.filters import Filters

FILE_BUILDERS: dict[str, Callable[[Situation], bytes]] = {"pdf": pdf.situation_pdf, "xlsx": workbook.situation_xlsx}
MAX_PARALLEL_REPORTS = 2  # reports that are made at the same time; others wait


def make_report(kind: str, filters: Filters, on_progress: ProgressCallback) -> bytes:
    """A report as a file of a kind (`pdf` or `xlsx`), in the scope and the language of who asks."""
    report = current_situation(filters, on_progress)
    announce_stage(on_progress, len(STAGES) - 1)
    content = FILE_BUILDERS[kind](report)
    on_progress("", len(STAGES), len(STAGES))
    return content


@dataclass
class ReportJob:
    """A report that is being made: how far it is, and in the end its file or its error."""

    kind: str
    filters: Filters
    stage: str = ""
    steps_done: int = 0
    steps_total: int = len(STAGES)
    future: "Future[bytes]" = field(default_factory=Future)

    def set_progress(self, stage: str, steps_done: int, steps_total: int) -> None:
        """Where it is now."""
        self.stage, self.steps_done, self.steps_total = stage, steps_done, steps_total

    def is_done(self) -> bool:
        """Whether there is a file or an error."""
        return self.future.done()


@cache
def executor() -> ThreadPoolExecutor:
    """The threads that reports are made on."""
    return ThreadPoolExecutor(MAX_PARALLEL_REPORTS, thread_name_prefix="report")


def start_report(kind: str, filters: Filters) -> ReportJob:
    """Begin a report for who looks now, in their scope and language."""
    job, viewer_scope, language = ReportJob(kind, filters), scope.current_scope(), current_language()

    def run() -> bytes:
        set_language(language)
        with scope.acting_as(viewer_scope):
            return make_report(kind, filters, job.set_progress)

    job.future = executor().submit(run)
    return job
