"""How a deadline came about, step by step: gettext message ids with their values, translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from otklik.i18n import N_


@dataclass(frozen=True)
class DayCount:
    """A number of calendar or working days."""

    count: int
    working: bool = False
    kind: Literal["days"] = "days"


@dataclass(frozen=True)
class LocalizedName:
    """A name by language code; `name` for languages without one."""

    name: str
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    kind: Literal["name"] = "name"


StepValue = date | datetime | DayCount | LocalizedName | str
"""A day, a local moment, a number of days, a name, or a text shown unchanged such as a time zone or a reason."""


@dataclass(frozen=True)
class ExplanationStep:
    """One sentence of an explanation: a message with its values.

    `last_day` is the last day of the term as counted up to this step; None before the count starts.
    """

    message: str
    values: Mapping[str, StepValue] = field(default_factory=dict, hash=False)
    last_day: date | None = None


RECEIVED = N_("Received: {moment}.")
REGISTERED = N_("Registered: {moment}.")
UNREGISTERED = N_("Not registered yet: counted from the day of receipt.")
RULE_APPLIED = N_("Rule “{rule}”: {days} after {day}.")
REOPENED_RULE_APPLIED = N_("Rule “{rule}”, when re-opened: {days} after {day}.")
DAYS_OFF_SKIPPED = N_("Days off are not counted; on the way there were {off}.")
WORKING_WEEKEND = N_("{day} counts: it is worked in exchange for another day.")
LAST_DAY = N_("The last day is {day}.")
MOVED_TO_PREVIOUS_WORKING_DAY = N_("{day} is a day off: the last day is the working day before, {to}.")
MOVED_TO_NEXT_WORKING_DAY = N_("{day} is a day off: the last day is the next working day, {to}.")
REDIRECTED = N_("Redirected on {day}: the clock runs on.")
STAYS_ON_DAY_OFF = N_("{day} is a day off, and stays the last day.")
LAST_DAY_SOURCE = N_("What happens to a last day off is a setting of the regime; its source: {source}")
EXTENDED = N_("Extended on {day} by {days}, counted from {start}.")
EXTENDED_UNTIL = N_("Extended on {day}: the deadline was set to {moment}.")
DEFERRED = N_("Deferred on {day}: the clock stands still.")
DEFERRED_UNTIL = N_("Deferred on {day}: the deadline was set to {moment}.")
RESUMED = N_("Taken up again on {day} with {days} left.")
DEFERRED_TOO_LATE = N_("Deferred on {day}, when the time was over: the deadline stays.")
REOPENED = N_("Re-opened on {day}: a clock of its own starts.")
REOPENED_UNTIL = N_("Re-opened on {day}: the deadline was set to {moment}.")
END_OF_DAY = N_("The deadline is the end of {day} in the time zone {zone}.")
SET_BY_PERSON = N_("A person set it to {moment}: that holds.")
HOLDS_UNTIL_RECOMPUTED = N_("The appeal has {moment} so far: that holds until deadlines are recalculated.")
SET_BY_SOURCE = N_("“{source}”, where the appeal comes from, says {moment}: that holds.")

EXTENSION_NOT_ALLOWED = N_("The rule for this appeal has no extension.")
ALREADY_EXTENDED = N_("The deadline was extended before: once is all there is.")
EXTENSION_TOO_LONG = N_("An extension is from 1 day to {most} days.")
EXTENSION_NEEDS_REASON = N_("An extension needs a reason.")
