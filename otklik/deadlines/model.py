"""The words of deadlines: spans, rules, an appeal's course, its place, and what comes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from otklik.deadlines.calendars import ONE_DAY, WorkingCalendar
from otklik.deadlines.explanation import ExplanationStep

LastDayRule = Literal["keep", "next", "previous"]
"""What becomes of a last day that is a day off."""
CountedFrom = Literal["received", "registered"]
SpanKind = Literal["register", "forward", "answer", "reopened"]
ChangeKind = Literal["redirected", "extended", "deferred", "resumed", "reopened"]


@dataclass(frozen=True)
class Span:
    """So many days after a day, which itself doesn't count."""

    days: int
    working: bool = False
    last_day: LastDayRule = "keep"
    counted_from: CountedFrom = "received"


@dataclass(frozen=True)
class DeadlineRule:
    """What holds for some appeals: `spans` by what is to be done, and by how many days a deadline may be extended."""

    name: str
    spans: Mapping[SpanKind, Span] = field(hash=False)
    max_extension_days: int = 30
    needs_extension_notice: bool = True
    """Whether the applicant is to be told of an extension."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    code: str = ""


@dataclass(frozen=True)
class ClockChange:
    """What happened to an appeal: an extension by so many days, a deferral until it is resumed, and so on.

    Where somebody named the new deadline, it is `until`.
    """

    kind: ChangeKind
    at: datetime
    days: int | None = None
    new_deadline: datetime | None = None


@dataclass(frozen=True)
class AppealHistory:
    """An appeal's way so far; `changes` in their order."""

    received_at: datetime
    registered_at: datetime | None = None
    changes: Sequence[ClockChange] = ()


@dataclass(frozen=True)
class Jurisdiction:
    """Where an appeal is at home."""

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
    """An instant (None while the clock stands still) and how it came about."""

    at: datetime | None
    steps: tuple[ExplanationStep, ...]
