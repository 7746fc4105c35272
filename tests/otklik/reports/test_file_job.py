"""A file is made in the background, for the viewer who started it, and can be followed and read."""

from threading import Event
from typing import IO

import pytest

from otklik.database.access import scope
from otklik.database.access.scope import Scope
from otklik.i18n import current_language, set_language
from otklik.reports.file_job import FileJob, start_file_job

PATIENCE = 30


def test_progress_shows_while_the_file_is_made() -> None:
    written, may_end = Event(), Event()

    def write_file(job: FileJob, file: IO[bytes]) -> None:
        job.set_progress("Map", 1, 2)
        file.write(b"half")
        written.set()
        assert may_end.wait(PATIENCE)

    job = start_file_job("pdf", 5, write_file)
    assert written.wait(PATIENCE)
    assert (job.kind, job.stage, job.done, job.total, job.is_finished, job.error) == ("pdf", "Map", 1, 2, False, None)
    with pytest.raises(TimeoutError):
        job.content(timeout=0)
    may_end.set()
    assert job.content(PATIENCE) == job.content() == b"half"
    assert job.is_finished
    assert job.error is None


def test_a_failed_job_keeps_its_error() -> None:
    def write_file(_job: FileJob, _file: IO[bytes]) -> None:
        raise LookupError("no rows")

    job = start_file_job("csv", 1, write_file)
    with pytest.raises(LookupError, match="no rows"):
        job.content(PATIENCE)
    assert isinstance(job.error, LookupError)
    assert job.is_finished


def test_a_job_runs_in_the_scope_and_language_of_its_viewer() -> None:
    def write_file(_job: FileJob, file: IO[bytes]) -> None:
        viewer_scope = scope.current_scope()
        assert viewer_scope is not None
        file.write(f"{viewer_scope.person_id} {current_language()}".encode())

    set_language("ru")
    with scope.acting_as(Scope(7)):
        job = start_file_job("csv", 1, write_file)
    set_language("en")
    assert job.content(PATIENCE) == b"7 ru"
