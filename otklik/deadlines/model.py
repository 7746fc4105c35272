"""Types of deadlines: spans, rules, an appeal's history, its jurisdiction, and the resulting deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from otklik.deadlines.calendars import ONE_DAY, WorkingCalendar
from otklik.deadlines.explanation import ExplanationStep, LocalizedName

LastDayRule = Literal["keep", "next", "previous"]
"""What happens to a last day that is a day off: it stays, or moves to the next or the previous working day."""
LAST_DAY_RULES: tuple[LastDayRule, ...] = get_args(LastDayRule)
CountedFrom = Literal["received", "registered"]
SpanKind = Literal["register", "forward", "answer", "reopened"]
ChangeKind = Literal["redirected", "extended", "deferred", "resumed", "reopened"]


@dataclass(frozen=True)
class Span:
    """A number of calendar or working days, counted from the day after `counted_from`.

    `last_day` is None where the rule leaves it to the setting of the appeal's regime: `DeadlineRules.rule_for` fills it
    in, with the setting's source as `last_day_source`.
    """

    days: int
    working: bool = False
    last_day: LastDayRule | None = "keep"
    counted_from: CountedFrom = "received"
    last_day_source: LocalizedName | None = None


@dataclass(frozen=True)
class DeadlineRule:
    """The spans in which an appeal has to be registered, forwarded and answered, and how long it may be extended.

    `names` are the rule's name by language code, `code` its key in the table `deadline_rule`.
    """

    name: str
    spans: Mapping[SpanKind, Span] = field(hash=False)
    max_extension_days: int = 30
    needs_extension_notice: bool = True
    """Whether the applicant has to be notified of an extension."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    code: str = ""


@dataclass(frozen=True)
class ClockChange:
    """An event that may move an appeal's deadline.

    `days` is the length of an extension. `new_deadline` is the deadline that was set with it, if one was.
    """

    kind: ChangeKind
    at: datetime
    days: int | None = None
    new_deadline: datetime | None = None


@dataclass(frozen=True)
class AppealHistory:
    """What an appeal's deadline is computed from; `changes` are in the order in which they happened."""

    received_at: datetime
    registered_at: datetime | None = None
    changes: Sequence[ClockChange] = ()


@dataclass(frozen=True)
class Jurisdiction:
    """The time zone and the working calendar in which an appeal's deadline is counted."""

    timezone: ZoneInfo
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar, hash=False)

    def local_day(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(self.timezone).date()

    def end_of_day(self, day: date) -> datetime:
        """The last second of a local day, in UTC."""
        return datetime.combine(day + ONE_DAY, time(), self.timezone).astimezone(UTC) - timedelta(seconds=1)


@dataclass(frozen=True)
class Deadline:
    """The moment of a deadline, None while the clock is stopped, and the steps that explain it."""

    at: datetime | None
    steps: tuple[ExplanationStep, ...]
