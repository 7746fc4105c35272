"""The situation report as a spreadsheet, with numbers instead of texts."""

import pandas as pd

from components.export.column_titles import COLUMN_TITLES, SHARE_COLUMNS
from components.export.tabular import Share, workbook_bytes
from otklik.i18n import _
from otklik.reports.metric_lines import target_verdict
from otklik.reports.situation import Situation, summary_sentences
from queries.metrics.metric import MetricValue

DAILY_COLUMNS = ("day", "received", "closed", "backlog")
RANKED_COLUMNS = ("name", "received", "met", "due", "on_time_rate")
OVERDUE_COLUMNS = ("number", "received_at", "deadline_at", "topic", "territory", "organisation", "channel", "status")


def situation_xlsx(report: Situation) -> bytes:
    """The report as an XLSX file: sheets of figures, days, topics, territories and overdue appeals, and notes."""
    tables = [
        (_("Figures"), metric_table(report.metric_values), ()),
        titled_sheet(_("Received and closed by day"), report.daily, DAILY_COLUMNS),
        titled_sheet(_("Largest topics"), report.topics, RANKED_COLUMNS),
        titled_sheet(_("Territories"), report.territories, RANKED_COLUMNS),
        titled_sheet(_("Overdue appeals"), report.overdue, OVERDUE_COLUMNS),
    ]
    made_at = report.made_at.isoformat(timespec="seconds")
    demo_notes = [_("Demo data")] if report.is_demo else []
    notes = [
        report.territory_name,
        report.period_text,
        *filter(None, [report.counted_back_text, report.reopened_since_text]),
        *report.filter_texts,
        *summary_sentences(report),
        made_at,
        *demo_notes,
    ]
    return workbook_bytes(tables, report.title(), notes)


def metric_table(metric_values: list[MetricValue]) -> pd.DataFrame:
    """One row a metric, in the order of the report; its numbers unformatted."""
    rows = [
        {
            _("Figure"): _(metric_value.metric.name),
            _("Now"): cell_value(metric_value.value, metric_value),
            _("Previous period"): cell_value(metric_value.previous, metric_value),
            _("Target"): cell_value(metric_value.metric.target, metric_value),
            _("Verdict"): target_verdict(metric_value),
            _("Part"): metric_value.numerator if metric_value.metric.denominator else None,
            _("Whole"): metric_value.denominator,
            _("How it is counted"): _(metric_value.metric.explanation),
        }
        for metric_value in metric_values
    ]
    return pd.DataFrame(rows, dtype=object)


def cell_value(value: float | None, metric_value: MetricValue) -> object:
    """A number as a cell in the metric's unit."""
    if value is None:
        return None
    unit = metric_value.metric.unit
    return Share(value) if unit == "share" else int(value) if unit == "count" else float(value)


def titled_sheet(sheet_name: str, rows: pd.DataFrame, columns: tuple[str, ...]) -> tuple[str, pd.DataFrame, set[str]]:
    """A sheet's name, the chosen columns under their titles, and which of these are shares."""
    column_titles = {column: _(COLUMN_TITLES[column]) for column in columns}
    return (
        sheet_name,
        rows[list(columns)].rename(columns=column_titles),
        {column_titles[column] for column in columns if column in SHARE_COLUMNS},
    )
