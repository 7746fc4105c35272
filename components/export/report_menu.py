"""The menu that makes a situation report with the filters of the page, in the background."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from components.export.file_job_button import FileOffer
from components.export.file_menu import file_menu
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from otklik.reports.file_job import FileJob
    from queries.filters import Filters

KIND_LABELS = {"pdf": N_("PDF for reading"), "xlsx": N_("XLSX for counting on")}
StartReport = Callable[[str, "Filters"], "FileJob"]
"""`otklik.reports.situation_file.start_report`."""


def report_menu(start_report: StartReport, filters: "Filters") -> None:
    """Draw a menu with the report in each kind of file; nothing on a wall screen."""
    description = _("Figures against target, map, charts and the overdue appeals of what this page shows.")
    offers = [report_offer(kind, _(label), start_report, filters) for kind, label in KIND_LABELS.items()]
    file_menu(_("Situation report"), "report", description, offers)


def report_offer(kind: str, label: str, start_report: StartReport, filters: "Filters") -> FileOffer:
    """The offer of the report in one kind of file."""
    return FileOffer(
        key=f"report-{kind}",
        source=filters,
        start=partial(start_report, kind, filters),
        start_label=label,
        download_label=lambda _job: _("Download: {what}").format(what=label),
        progress_text=lambda job: f"{label}: {job.stage}…",
        file_name=report_file_name(filters, kind),
    )


def report_file_name(filters: "Filters", kind: str) -> str:
    """The file's name: the territory's code, the first and the last day."""
    last_day = filters.end - timedelta(days=1)
    return f"otklik-{filters.territory or 'all'}-{filters.start.isoformat()}-{last_day.isoformat()}.{kind}"
