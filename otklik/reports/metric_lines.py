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


def line(answer: Answer) -> Line:
    """An answer as written on the screens."""
    figure = answer.figure
    change = change_of(answer)
    text = str(change.text) if change else ""
    return Line(
        _(figure.name),
        value_of(answer),
        "—" if answer.previous is None else in_unit(answer.previous, figure.unit),
        "" if text == "0" else text.replace("-", "\N{MINUS SIGN}"),
        change.word if change else "",
        "" if figure.target is None else in_unit(figure.target, figure.unit),
        met(answer),
    )


def met(answer: Answer) -> bool | None:
    """Whether the target is reached."""
    target, value = answer.figure.target, answer.value
    if target is None or value is None or uncertain(answer):
        return None
    return value >= target if answer.figure.better == "up" else value <= target


def verdict(answer: Answer) -> str:
    """Whether the target is reached, in words."""
    reached = met(answer)
    return "" if reached is None else _("met") if reached else _("missed")


def targets(answers: list[Answer]) -> list[str]:
    """A sentence for each figure that has a target."""
    said = {
        True: _("Target met: {figure} {value} (target {target})"),
        False: _("Target missed: {figure} {value} (target {target})"),
    }
    return [
        said[reached].format(
            figure=_(one.figure.name), value=value_of(one), target=in_unit(one.figure.target or 0, one.figure.unit)
        )
        for one in answers
        if (reached := met(one)) is not None
    ]
