"""How a deadline came about, in the viewer's words: one sentence a step."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from babel import dates

from otklik.i18n import _, current, ngettext
from otklik.i18n.formats import here, number

if TYPE_CHECKING:
    from otklik.deadlines.explanation import Step, Value


def sentences(steps: Iterable["Step"]) -> list[str]:
    """The steps as sentences of plain text."""
    return [sentence(step) for step in steps]


def sentence(step: "Step") -> str:
    """One step."""
    text = _(step.message).format(**{name: _value(name, value) for name, value in step.values.items()})
    return text.replace("..", ".")  # an abbreviation at the end: 2026 г.


def _value(name: str, value: "Value") -> str:
    if isinstance(value, datetime):
        return f"{_day(value)}, {dates.format_time(value, 'HH:mm', locale=here())}"
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, str):
        return value
    if value.kind == "days":
        return _days(name, value.count, working=value.working)
    return value.names.get(current(), value.name)


def _day(value: date) -> str:
    return dates.format_date(value, "long", locale=here())


def _days(name: str, n: int, *, working: bool) -> str:
    if name == "off":
        text = ngettext("{n} day off", "{n} days off", n)
    elif working:
        text = ngettext("{n} working day", "{n} working days", n)
    else:
        text = ngettext("{n} calendar day", "{n} calendar days", n)
    return text.format(n=number(n))
