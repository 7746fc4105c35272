"""The explanation of a deadline in the viewer's language: one sentence a step."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from babel import dates

from otklik.i18n import _, current_language, ngettext
from otklik.i18n.formats import current_locale, number
from otklik.i18n.timezones import timezone_name

if TYPE_CHECKING:
    from otklik.deadlines.explanation import ExplanationStep, StepValue


def step_sentences(steps: Iterable["ExplanationStep"]) -> list[str]:
    """One sentence of plain text a step, in order. `steps`: those of queries.appeal.details.deadline_explanation."""
    return [step_sentence(step) for step in steps]


def step_sentence(step: "ExplanationStep") -> str:
    """The sentence of one step, with its values in the viewer's language."""
    values = dict(step.values)
    if isinstance(zone := values.get("zone"), str) and isinstance(day := values.get("day"), date):
        values["zone"] = timezone_name(zone, datetime.combine(day, time(12), UTC))
    text = _(step.message).format(**{name: _format_value(name, value) for name, value in values.items()})
    return text.replace("..", ".")  # after a date that ends with an abbreviation: 2026 г.


def _format_value(name: str, value: "StepValue") -> str:
    if isinstance(value, datetime):
        return f"{_format_day(value)}, {dates.format_time(value, 'HH:mm', locale=current_locale())}"
    if isinstance(value, date):
        return _format_day(value)
    if isinstance(value, str):
        return value
    if value.kind == "days":
        return _format_day_count(name, value.count, working=value.working)
    return value.names.get(current_language(), value.name)


def _format_day(value: date) -> str:
    return dates.format_date(value, "long", locale=current_locale())


def _format_day_count(name: str, n: int, *, working: bool) -> str:
    if name == "off":
        text = ngettext("{n} day off", "{n} days off", n)
    elif working:
        text = ngettext("{n} working day", "{n} working days", n)
    else:
        text = ngettext("{n} calendar day", "{n} calendar days", n)
    return text.format(n=number(n))
