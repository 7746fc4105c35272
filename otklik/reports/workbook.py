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


def xlsx(said: Situation) -> bytes:
    """The report as an XLSX file: figures, days, topics, territories and the overdue appeals."""
    tables = [
        (_("Figures"), figures(said.figures), ()),
        named(_("Received and closed by day"), said.daily, DAILY),
        named(_("Largest topics"), said.topics, RANKED),
        named(_("Territories"), said.territories, RANKED),
        named(_("Overdue appeals"), said.overdue, OVERDUE),
    ]
    made = said.made.isoformat(timespec="seconds")
    demo = [_("Demo data")] if said.demo else []
    notes = [said.place, said.days, *said.narrowed, *summary(said), made, *demo]
    return xlsx_of(tables, said.title(), notes)


def figures(answers: list[Answer]) -> pd.DataFrame:
    """One row a figure, its numbers as they are."""
    rows = [
        {
            _("Figure"): _(one.figure.name),
            _("Now"): number(one.value, one),
            _("Before"): number(one.previous, one),
            _("Target"): number(one.figure.target, one),
            _("Verdict"): verdict(one),
            _("Part"): one.numerator if one.figure.denominator else None,
            _("Whole"): one.denominator,
            _("How it is counted"): _(one.figure.explanation),
        }
        for one in answers
    ]
    return pd.DataFrame(rows, dtype=object)


def number(value: float | None, answer: Answer) -> object:
    """A number in the figure's unit."""
    if value is None:
        return None
    unit = answer.figure.unit
    return Share(value) if unit == "share" else int(value) if unit == "count" else float(value)


def named(name: str, rows: pd.DataFrame, columns: tuple[str, ...]) -> tuple[str, pd.DataFrame, set[str]]:
    """A sheet of some columns under their names for people."""
    heads = {column: _(HEADS[column]) for column in columns}
    return name, rows[list(columns)].rename(columns=heads), {heads[one] for one in columns if one in SHARES}
