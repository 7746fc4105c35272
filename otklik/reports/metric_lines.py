"""The figures of a report as lines: now, before, the change, the target and whether it is met."""

from typing import NamedTuple

from components.tiles.kpi_tile import change_of, in_unit, uncertain, value_of
from otklik.i18n import _
from queries.metrics.metric import Answer


class Line(NamedTuple):
    """A figure in words; `met` is None where there is no target or too few cases for a verdict."""

    name: str
    value: str
    previous: str
    change: str
    verdict: str
    target: str
    met: bool | None


def line(metric_value: Answer) -> Line:
    """An answer as written on the screens."""
    metric = metric_value.figure
    change = change_of(metric_value)
    text = str(change.text) if change else ""
    return Line(
        _(metric.name),
        value_of(metric_value),
        "—" if metric_value.previous is None else in_unit(metric_value.previous, metric.unit),
        "" if text == "0" else text.replace("-", "\N{MINUS SIGN}"),
        change.word if change else "",
        "" if metric.target is None else in_unit(metric.target, metric.unit),
        met(metric_value),
    )


def met(metric_value: Answer) -> bool | None:
    """Whether the target is reached."""
    target, value = metric_value.figure.target, metric_value.value
    if target is None or value is None or uncertain(metric_value):
        return None
    return value >= target if metric_value.figure.better == "up" else value <= target


def verdict(metric_value: Answer) -> str:
    """Whether the target is reached, in words."""
    reached = met(metric_value)
    return "" if reached is None else _("met") if reached else _("missed")


def targets(metric_values: list[Answer]) -> list[str]:
    """A sentence for each figure that has a target."""
    templates = {
        True: _("Target met: {figure} {value} (target {target})"),
        False: _("Target missed: {figure} {value} (target {target})"),
    }
    return [
        templates[reached].format(
            figure=_(metric_value.figure.name),
            value=value_of(metric_value),
            target=in_unit(metric_value.figure.target or 0, metric_value.figure.unit),
        )
        for metric_value in metric_values
        if (reached := met(metric_value)) is not None
    ]
