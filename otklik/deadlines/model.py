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
    extension: int = 30
    notice: bool = True
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
    until: datetime | None = None


@dataclass(frozen=True)
class AppealHistory:
    """An appeal's way so far; `changes` in their order."""

    received: datetime
    registered: datetime | None = None
    changes: Sequence[ClockChange] = ()


@dataclass(frozen=True)
class Jurisdiction:
    """Where an appeal is at home."""

    zone: ZoneInfo
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar, hash=False)

    def day(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(self.zone).date()

    def end(self, day: date) -> datetime:
        """The last second of a local day, in UTC."""
        return datetime.combine(day + ONE_DAY, time(), self.zone).astimezone(UTC) - timedelta(seconds=1)


@dataclass(frozen=True)
class Deadline:
    """An instant (None while the clock stands still) and how it came about."""

    at: datetime | None
    steps: tuple[ExplanationStep, ...]
