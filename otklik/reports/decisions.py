"""What needs a decision, by a situation report: the worst cases by name, as labelled lines."""

from typing import NamedTuple

import pandas as pd

from components.overview.charts import LOW_RATE_MARGIN, format_on_time_rate
from components.text.metric_text import format_in_unit, value_text
from otklik.i18n import _, durations, formats
from otklik.reports.metric_lines import meets_target
from otklik.reports.situation import Situation

MAX_NAMED = 3
"""How many of a kind are named."""


class Decision(NamedTuple):
    """A kind of trouble, and its worst cases, worst first."""

    label: str
    lines: list[str]


def list_decisions(report: Situation) -> list[Decision]:
    """The troubles of a report, most urgent first, in the current language; those without a case are left out."""
    decisions = [
        Decision(_("Most overdue appeals"), _late_lines(report.late_organisations, "overdue")),
        Decision(_("Longest overdue"), _overdue_lines(report)),
        Decision(_("Most appeals at risk"), _late_lines(report.late_organisations, "at_risk")),
        Decision(_("Territories low on time"), _low_rate_lines(report.territories)),
        Decision(_("Topics low on time"), _low_rate_lines(report.topics)),
        Decision(_("Targets missed"), _missed_target_lines(report)),
    ]
    return [decision for decision in decisions if decision.lines]


def _late_lines(organisations: pd.DataFrame, state: str) -> list[str]:
    """The organisations with the most appeals in a state (`overdue` or `at_risk`)."""
    rows = organisations[organisations[state] > 0].sort_values(state, ascending=False, kind="stable").head(MAX_NAMED)
    return [
        _("{organisation}: {n} of {open} open").format(
            organisation=row["name"], n=formats.number(row[state]), open=formats.number(row["open"])
        )
        for row in rows.to_dict("records")
    ]


def _overdue_lines(report: Situation) -> list[str]:
    return [
        _("{number}, {topic}, {territory}: {time} late, at {organisation}").format(
            time=durations.format_duration((report.made_at - row["deadline_at"]).total_seconds() / 3600),
            **{name: row[name] for name in ("number", "topic", "territory", "organisation")},
        )
        for row in report.overdue.head(MAX_NAMED).to_dict("records")
    ]


def _low_rate_lines(ranking: pd.DataFrame) -> list[str]:
    """The members of a ranking whose on-time rate is far below that of all together; none with few cases."""
    total_due = int(ranking["due"].sum())
    if not total_due:
        return []
    low_rate = int(ranking["met"].sum()) / total_due - LOW_RATE_MARGIN
    rows = ranking[~ranking["small"] & (ranking["on_time_rate"] < low_rate)]
    return [
        _("{name}: {rate} of {n} due").format(
            name=row["name"],
            rate=format_on_time_rate(int(row["met"]), int(row["due"]), few=False, low=False),
            n=formats.number(row["due"]),
        )
        for row in rows.sort_values("on_time_rate", kind="stable").head(MAX_NAMED).to_dict("records")
    ]


def _missed_target_lines(report: Situation) -> list[str]:
    return [
        _("{figure}: {value}, target {target}").format(
            figure=_(metric_value.metric.name),
            value=value_text(metric_value),
            target=format_in_unit(metric_value.metric.target or 0, metric_value.metric.unit),
        )
        for metric_value in report.metric_values
        if meets_target(metric_value) is False
    ]
