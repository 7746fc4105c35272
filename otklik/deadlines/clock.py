"""The clock of one appeal: wound up, moved, stopped and started, it writes down why."""

from datetime import UTC, date, datetime, timedelta

from otklik.deadlines import explanation as says
from otklik.deadlines.calendars import days_between
from otklik.deadlines.explanation import DayCount, ExplanationStep, LocalizedName
from otklik.deadlines.model import AppealHistory, ClockChange, Deadline, DeadlineRule, Jurisdiction, SpanKind


class DeadlineClock:
    """Counts to the last day, or to what somebody set."""

    def __init__(self, rule: DeadlineRule, jurisdiction: Jurisdiction) -> None:
        """Nothing counts before `start`."""
        self.rule, self.place = rule, jurisdiction
        self.span = rule.spans["answer"]
        self.last: date = date.min
        self.named: datetime | None = None
        self.stopped: date | None = None
        self.steps: list[ExplanationStep] = []

    def start(self, history: AppealHistory, span_kind: SpanKind = "answer") -> None:
        """Wind it up."""
        self.span = self.rule.spans[span_kind]
        start = history.received
        self._say(says.RECEIVED, moment=self._local(history.received))
        if self.span.counted_from == "registered":
            if history.registered is None:
                self._say(says.UNREGISTERED)
            else:
                # Registered by a clock that is behind: the time can't begin before the appeal.
                start = max(start, history.registered)
                self._say(says.REGISTERED, moment=self._local(start))
        self._run(self.place.day(start), says.RULE_APPLIED)

    def take(self, change: ClockChange) -> None:
        """Let something happen."""
        day = self.place.day(change.at)
        if change.kind == "redirected":
            self._say(says.REDIRECTED, day=day)
        elif change.kind == "reopened":
            self._reopen(day, change)
        elif change.kind == "extended":
            self._extend(day, change)
        elif change.kind == "deferred":
            self._stop(day, change)
        elif self.stopped is not None:
            self._go_on(day)

    def deadline(self) -> Deadline:
        """The end of the last day, or what somebody set it to."""
        if self.stopped is not None:
            return Deadline(None, tuple(self.steps))
        if self.named is not None:
            return Deadline(self.named, tuple(self.steps))
        self._say(says.END_OF_DAY, day=self.last, zone=self.place.zone.key)
        return Deadline(self.place.end(self.last), tuple(self.steps))

    def _run(self, start: date, message: str) -> None:
        """Count the span from a day that itself doesn't count."""
        span, calendar = self.span, self.place.calendar
        last_day = calendar.after(start, span.days) if span.working else start + timedelta(days=span.days)
        self.last = last_day
        rule = LocalizedName(self.rule.name, self.rule.names)
        self._say(message, rule=rule, days=DayCount(span.days, working=span.working), day=start)
        if span.working:
            self._tell_days_off(start, last_day)
        self._say(says.LAST_DAY, day=last_day)
        self._settle(start)

    def _settle(self, not_before: date) -> None:
        """Let a last day that is a day off give way, never to before the count began."""
        calendar, day = self.place.calendar, self.last
        if self.span.last_day == "keep" or calendar.works(day):
            return
        previous_day = calendar.on_or_before(day)
        if self.span.last_day == "previous" and previous_day >= not_before:
            self.last = previous_day
            self._say(says.MOVED_TO_PREVIOUS_WORKING_DAY, day=day, to=previous_day)
        else:
            self.last = calendar.on_or_after(day)
            self._say(says.MOVED_TO_NEXT_WORKING_DAY, day=day, to=self.last)

    def _tell_days_off(self, start: date, until: date) -> None:
        calendar = self.place.calendar
        days = list(days_between(start, until))
        if days_off := sum(1 for day in days if not calendar.works(day)):
            self._say(says.DAYS_OFF_SKIPPED, off=DayCount(days_off))
        for day in days:
            if calendar.works(day) and calendar.is_weekend(day):
                self._say(says.WORKING_WEEKEND, day=day)

    def _extend(self, day: date, change: ClockChange) -> None:
        if change.until is not None:
            self._name(says.EXTENDED_UNTIL, day, change.until)
            return
        days, previous_last_day = change.days or 0, self.last
        self.named = None
        self.last = previous_last_day + timedelta(days=days)
        self._say(says.EXTENDED, day=day, days=DayCount(days))
        self._say(says.LAST_DAY, day=self.last)
        self._settle(previous_last_day)

    def _stop(self, day: date, change: ClockChange) -> None:
        if change.until is not None:
            self._name(says.DEFERRED_UNTIL, day, change.until)
        elif self.last < day:
            self._say(says.DEFERRED_TOO_LATE, day=day)
        elif self.stopped is None:
            self.stopped = day
            self._say(says.DEFERRED, day=day)

    def _go_on(self, day: date) -> None:
        """What was left when it was stopped is left now."""
        calendar, stopped_on = self.place.calendar, self.stopped or day
        self.stopped = self.named = None
        if self.span.working:
            days_left = calendar.working_days(stopped_on, self.last)
            self.last = calendar.after(day, days_left)
        else:
            days_left = (self.last - stopped_on).days
            self.last = day + timedelta(days=days_left)
        self._say(says.RESUMED, day=day, days=DayCount(days_left, working=self.span.working))
        self._say(says.LAST_DAY, day=self.last)
        self._settle(day)

    def _reopen(self, day: date, change: ClockChange) -> None:
        self.stopped = self.named = None
        self.span = self.rule.spans.get("reopened", self.rule.spans["answer"])
        if change.until is not None:
            self._name(says.REOPENED_UNTIL, day, change.until)
            return
        self._say(says.REOPENED, day=day)
        self._run(day, says.REOPENED_RULE_APPLIED)

    def _name(self, message: str, day: date, new_deadline: datetime) -> None:
        """Somebody set an instant: it holds as it was set."""
        self.named = new_deadline.astimezone(UTC)
        self.last = self.place.day(new_deadline)
        self.stopped = None
        self._say(message, day=day, moment=self._local(new_deadline))

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.place.zone)

    def _say(self, message: str, **values: says.StepValue) -> None:
        last_day = self.last if self.last > date.min else None
        self.steps.append(ExplanationStep(message, values, last_day))
