"""Making a report: at once, or in the background with its progress."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from otklik.database import scope
from otklik.i18n import current, use
from otklik.reports import pdf, workbook
from otklik.reports.situation import STAGES, Situation, Tell, situation, step
from queries.filters import Filters

KINDS: dict[str, Callable[[Situation], bytes]] = {"pdf": pdf.pdf, "xlsx": workbook.xlsx}
AT_ONCE = 2  # reports that are made at the same time; others wait


def make(kind: str, filters: Filters, on_progress: Tell) -> bytes:
    """A report as a file of a kind (`pdf` or `xlsx`), in the scope and the language of who asks."""
    report = situation(filters, on_progress)
    step(on_progress, len(STAGES) - 1)
    content = KINDS[kind](report)
    on_progress("", len(STAGES), len(STAGES))
    return content


@dataclass
class Job:
    """A report that is being made: how far it is, and in the end its file or its error."""

    kind: str
    filters: Filters
    stage: str = ""
    done: int = 0
    total: int = len(STAGES)
    future: "Future[bytes]" = field(default_factory=Future)

    def tell(self, stage: str, steps_done: int, steps_total: int) -> None:
        """Where it is now."""
        self.stage, self.done, self.total = stage, steps_done, steps_total

    def is_done(self) -> bool:
        """Whether there is a file or an error."""
        return self.future.done()


@cache
def makers() -> ThreadPoolExecutor:
    """The threads that reports are made on."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="report")


def start(kind: str, filters: Filters) -> Job:
    """Begin a report for who looks now, in their scope and language."""
    job, viewer_scope, language = Job(kind, filters), scope.current(), current()

    def run() -> bytes:
        use(language)
        with scope.acting(viewer_scope):
            return make(kind, filters, job.tell)

    job.future = makers().submit(run)
    return job
