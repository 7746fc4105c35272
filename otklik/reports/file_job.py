"""A file made in a background thread, which a page can follow until it is ready to download."""

import tempfile
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import IO

from otklik.database.access import scope
from otklik.i18n import current_language, set_language

MAX_PARALLEL_JOBS = 2
"""Files made at the same time; further ones wait, so that making files doesn't slow the screens down."""


@dataclass
class FileJob:
    """A file in the making: `done` of `total` steps or rows; `stage` is in the viewer's language."""

    kind: str
    """The file's extension, such as `pdf`."""
    total: int
    done: int = 0
    stage: str = ""
    future: "Future[IO[bytes]]" = field(default_factory=Future)

    def set_progress(self, stage: str, done: int, total: int) -> None:
        """Record the current stage."""
        self.stage, self.done, self.total = stage, done, total

    @property
    def is_finished(self) -> bool:
        """Whether the job ended, with a file or with an error."""
        return self.future.done()

    @property
    def error(self) -> BaseException | None:
        """Why the job failed; None while it runs and after it succeeded."""
        return self.future.exception() if self.is_finished else None

    def content(self, timeout: float | None = None) -> bytes:
        """The file, after waiting at most `timeout` seconds for it. Raises TimeoutError, or the error of the job."""
        file = self.future.result(timeout)
        file.seek(0)
        return file.read()


@cache
def executor() -> ThreadPoolExecutor:
    """The threads that make files, shared by all viewers."""
    return ThreadPoolExecutor(MAX_PARALLEL_JOBS, thread_name_prefix="file-job")


def start_file_job(kind: str, total: int, write_file: Callable[[FileJob, IO[bytes]], None]) -> FileJob:
    """Have `write_file` fill an empty file in the background, in the scope and language of the current viewer."""
    job, viewer_scope, language = FileJob(kind, total), scope.current_scope(), current_language()

    def run() -> IO[bytes]:
        set_language(language)
        # On disk, since a list can be long; it goes with the job.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        weakref.finalize(job, file.close)
        with scope.acting_as(viewer_scope):
            write_file(job, file)
        return file

    job.future = executor().submit(run)
    return job
