"""The menu that makes a problem's dossier in the background, and its download once it is ready."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from components.export.file_job_button import FileOffer
from components.export.file_menu import file_menu
from otklik.i18n import _

if TYPE_CHECKING:
    from otklik.reports.file_job import FileJob
    from queries.problems.details import Problem

StartDossier = Callable[[int, str], "FileJob"]
"""`otklik.reports.dossier_file.start_dossier`."""


def dossier_menu(problem: "Problem", language: str, start: StartDossier) -> None:
    """Draw a menu with the dossier of the problem; nothing on a wall screen."""
    description = _("What is known and decided, on a page, with a draft letter to whoever is to do something.")
    file_menu(_("Problem dossier"), "dossier", description, [dossier_offer(problem, language, start)])


def dossier_offer(problem: "Problem", language: str, start: StartDossier) -> FileOffer:
    """The offer of the dossier; after a change of the problem another is to be made."""
    label = _("PDF for reading")
    return FileOffer(
        key="dossier-pdf",
        source=(problem.id, problem.version, language),
        start=partial(start, problem.id, language),
        start_label=label,
        download_label=lambda _job: _("Download: {what}").format(what=label),
        progress_text=lambda job: f"{label}: {job.stage}…",
        file_name=f"otklik-problem-{problem.id}.pdf",
    )
