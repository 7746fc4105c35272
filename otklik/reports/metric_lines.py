"""Metric values as lines of a report: now, before, the change, the target and whether it is met."""

from typing import NamedTuple

from components.text.metric_text import format_in_unit, is_uncertain, metric_change, value_text
from otklik.i18n import _
from queries.metrics.metric import MetricValue


class MetricLine(NamedTuple):
    """A metric value as texts; `is_target_met` is None without a target or with too few cases for a verdict."""

    name: str
    value: str
    previous: str
    change: str
    verdict: str
    target: str
    is_target_met: bool | None


def metric_line(metric_value: MetricValue) -> MetricLine:
    """A metric value as the screens write it, in the current language."""
    metric = metric_value.metric
    change, value, previous = metric_change(metric_value), metric_value.value, metric_value.previous
    return MetricLine(
        _(metric.name),
        value_text(metric_value),
        "—" if previous is None else format_in_unit(previous, metric.unit, value),
        change.text if change else "",
        change.verdict if change else "",
        "" if metric.target is None else format_in_unit(metric.target, metric.unit),
        meets_target(metric_value),
    )


def meets_target(metric_value: MetricValue) -> bool | None:
    """Whether the target is reached; None without a target or with too few cases for a verdict."""
    target, value = metric_value.metric.target, metric_value.value
    if target is None or value is None or is_uncertain(metric_value):
        return None
    return value >= target if metric_value.metric.better == "up" else value <= target


def target_verdict(metric_value: MetricValue) -> str:
    """The words "met" or "missed" in the current language; empty without a verdict."""
    reached = meets_target(metric_value)
    return "" if reached is None else _("met") if reached else _("missed")
