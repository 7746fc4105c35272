"""The dossier of a problem as a file, made in the background."""

from typing import IO

from otklik.progress import ProgressCallback
from otklik.reports.dossier import STAGES, announce_stage, current_dossier
from otklik.reports.dossier_pdf import dossier_pdf
from otklik.reports.file_audit import record_file
from otklik.reports.file_job import FileJob, start_file_job


def make_dossier(problem_id: int, language: str, on_progress: ProgressCallback) -> bytes:
    """The dossier as PDF, in the current viewer's scope. Raises LookupError if the viewer doesn't see the problem."""
    dossier = current_dossier(problem_id, language, on_progress)
    announce_stage(on_progress, len(STAGES) - 1)
    content = dossier_pdf(dossier)
    on_progress("", len(STAGES), len(STAGES))
    return content


def start_dossier(problem_id: int, language: str) -> FileJob:
    """Begin a dossier for the current viewer; its progress counts stages."""

    def write_dossier(job: FileJob, file: IO[bytes]) -> None:
        file.write(make_dossier(problem_id, language, job.set_progress))
        record_file("dossier exported", f"problem {problem_id}")

    return start_file_job("pdf", len(STAGES), write_dossier)
