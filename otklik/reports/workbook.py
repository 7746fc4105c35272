"""The situation report as a spreadsheet: the same answers as numbers."""

import pandas as pd

from components.export.column_titles import HEADS, SHARES
from components.export.tabular import Share, xlsx_of
from otklik.i18n import _
from otklik.reports.metric_lines import verdict
from otklik.reports.situation import Situation, summary
from queries.metrics.metric import Answer

DAILY = ("day", "received", "closed", "backlog")
RANKED = ("name", "received", "on_time", "due", "on_time_rate")
OVERDUE = ("number", "received_at", "deadline_at", "topic", "territory", "organisation", "channel", "status")


def xlsx(report: Situation) -> bytes:
    """The report as an XLSX file: figures, days, topics, territories and the overdue appeals."""
    tables = [
        (_("Figures"), figures(report.figures), ()),
        named(_("Received and closed by day"), report.daily, DAILY),
        named(_("Largest topics"), report.topics, RANKED),
        named(_("Territories"), report.territories, RANKED),
        named(_("Overdue appeals"), report.overdue, OVERDUE),
    ]
    made_at = report.made.isoformat(timespec="seconds")
    demo_notes = [_("Demo data")] if report.demo else []
    notes = [report.place, report.days, *report.narrowed, *summary(report), made_at, *demo_notes]
    return xlsx_of(tables, report.title(), notes)


def figures(metric_values: list[Answer]) -> pd.DataFrame:
    """One row a figure, its numbers as they are."""
    rows = [
        {
            _("Figure"): _(metric_value.figure.name),
            _("Now"): number(metric_value.value, metric_value),
            _("Before"): number(metric_value.previous, metric_value),
            _("Target"): number(metric_value.figure.target, metric_value),
            _("Verdict"): verdict(metric_value),
            _("Part"): metric_value.numerator if metric_value.figure.denominator else None,
            _("Whole"): metric_value.denominator,
            _("How it is counted"): _(metric_value.figure.explanation),
        }
        for metric_value in metric_values
    ]
    return pd.DataFrame(rows, dtype=object)


def number(value: float | None, metric_value: Answer) -> object:
    """A number in the figure's unit."""
    if value is None:
        return None
    unit = metric_value.figure.unit
    return Share(value) if unit == "share" else int(value) if unit == "count" else float(value)


def named(sheet_name: str, rows: pd.DataFrame, columns: tuple[str, ...]) -> tuple[str, pd.DataFrame, set[str]]:
    """A sheet of some columns under their names for people."""
    column_titles = {column: _(HEADS[column]) for column in columns}
    return (
        sheet_name,
        rows[list(columns)].rename(columns=column_titles),
        {column_titles[one] for one in columns if one in SHARES},
    )
