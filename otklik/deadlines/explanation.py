"""How a deadline came about, step by step: messages to be translated where they are shown, and their values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for a message translated where it is shown
    """Mark a message for the catalogues; it stays in English here."""
    return message


@dataclass(frozen=True)
class Days:
    """A number of days, calendar or working ones."""

    count: int
    working: bool = False
    kind: Literal["days"] = "days"


@dataclass(frozen=True)
class Named:
    """A name in several languages, by their codes; `name` where there is none."""

    name: str
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    kind: Literal["name"] = "name"


Value = date | datetime | Days | Named | str
"""A day, a local moment, a number of days, a name, or a word as it is (a time zone, a reason)."""


@dataclass(frozen=True)
class Step:
    """One sentence: a message with places for its values, and the last day that the count has come to."""

    message: str
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    last_day: date | None = None


RECEIVED = N_("Received: {moment}.")
REGISTERED = N_("Registered: {moment}.")
UNREGISTERED = N_("Not registered yet: counted from the day of receipt.")
RULE = N_("Rule “{rule}”: {days} after {day}.")
REOPENED_RULE = N_("Rule “{rule}”, when re-opened: {days} after {day}.")
ON_THE_WAY = N_("Days off are not counted; on the way there were {off}.")
WORKED = N_("{day} counts: it is worked in exchange for another day.")
LAST_DAY = N_("The last day is {day}.")
MOVED_BACK = N_("{day} is a day off: the last day is the working day before, {to}.")
MOVED_ON = N_("{day} is a day off: the last day is the next working day, {to}.")
REDIRECTED = N_("Redirected on {day}: the clock runs on.")
EXTENDED = N_("Extended on {day} by {days}.")
NAMED = N_("Extended on {day}: the deadline was set to {moment}.")
DEFERRED = N_("Deferred on {day}: the clock stands still.")
PUT_OFF = N_("Deferred on {day}: the deadline was set to {moment}.")
RESUMED = N_("Taken up again on {day} with {days} left.")
TOO_LATE = N_("Deferred on {day}, when the time was over: the deadline stays.")
REOPENED = N_("Re-opened on {day}: a clock of its own starts.")
REOPENED_UNTIL = N_("Re-opened on {day}: the deadline was set to {moment}.")
END_OF_DAY = N_("The deadline is the end of {day} in the time zone {zone}.")
SET_HERE = N_("A person set it to {moment}: that holds.")
AS_IT_IS = N_("The appeal has {moment} so far: that holds until deadlines are worked out anew.")
TAKEN_OVER = N_("“{source}”, where the appeal comes from, says {moment}: that holds.")

NO_EXTENSION = N_("The rule for this appeal has no extension.")
EXTENDED_ALREADY = N_("The deadline was extended before: once is all there is.")
TOO_LONG = N_("An extension is from 1 day to {most} days.")
NO_REASON = N_("An extension needs a reason.")
