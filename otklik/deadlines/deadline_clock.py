"""The clock of one appeal's deadline: it starts, runs, stops and resumes, and records each step of the explanation."""

from datetime import UTC, date, datetime, timedelta

from otklik.deadlines import explanation
from otklik.deadlines.calendars import days_between
from otklik.deadlines.explanation import DayCount, ExplanationStep, LocalizedName, StepValue
from otklik.deadlines.model import AppealHistory, ClockChange, Deadline, DeadlineRule, Jurisdiction, SpanKind


class DeadlineClock:
    """Counts the days of one appeal: `start` it, `apply_change` in order, then read the `deadline`."""

    def __init__(self, rule: DeadlineRule, jurisdiction: Jurisdiction) -> None:
        """Take the rule and the jurisdiction; nothing is counted before `start`."""
        self.rule, self.jurisdiction = rule, jurisdiction
        self.span = rule.spans["answer"]
        self.last_day: date = date.min
        self.fixed_deadline: datetime | None = None
        self.stopped_on: date | None = None
        self.steps: list[ExplanationStep] = []

    def start(self, history: AppealHistory, span_kind: SpanKind = "answer") -> None:
        """Start counting a span from receipt or registration."""
        self.span = self.rule.spans[span_kind]
        start = history.received_at
        self._add_step(explanation.RECEIVED, moment=self._to_local(history.received_at))
        if self.span.counted_from == "registered":
            if history.registered_at is None:
                self._add_step(explanation.UNREGISTERED)
            else:
                # Never before receipt, even where the registering system's clock is slow.
                start = max(start, history.registered_at)
                self._add_step(explanation.REGISTERED, moment=self._to_local(start))
        self._count_span(self.jurisdiction.local_day(start), explanation.RULE_APPLIED)

    def apply_change(self, change: ClockChange) -> None:
        """Move, stop, resume or restart the clock for an event."""
        day = self.jurisdiction.local_day(change.at)
        if change.kind == "redirected":
            self._add_step(explanation.REDIRECTED, day=day)
        elif change.kind == "reopened":
            self._reopen(day, change)
        elif change.kind == "extended":
            self._extend(day, change)
        elif change.kind == "deferred":
            self._stop(day, change)
        elif self.stopped_on is not None:
            self._resume(day)

    def deadline(self) -> Deadline:
        """The end of the last day, or the moment that a person set; None as the moment while the clock is stopped."""
        if self.stopped_on is not None:
            return Deadline(None, tuple(self.steps))
        if self.fixed_deadline is not None:
            return Deadline(self.fixed_deadline, tuple(self.steps))
        self._add_step(explanation.END_OF_DAY, day=self.last_day, zone=self.jurisdiction.timezone.key)
        return Deadline(self.jurisdiction.end_of_day(self.last_day), tuple(self.steps))

    def _count_span(self, start: date, message: str) -> None:
        """Count the span from the day after `start`, and explain it by the message."""
        span, calendar = self.span, self.jurisdiction.calendar
        last_day = calendar.add_working_days(start, span.days) if span.working else start + timedelta(days=span.days)
        self.last_day = last_day
        rule = LocalizedName(self.rule.name, self.rule.names)
        self._add_step(message, rule=rule, days=DayCount(span.days, working=span.working), day=start)
        if span.working:
            self._explain_days_off(start, last_day)
        self._add_step(explanation.LAST_DAY, day=last_day)
        self._adjust_day_off(start)

    def _adjust_day_off(self, not_before: date) -> None:
        """Move a last day that is a day off as the span says, but never before the count began."""
        calendar, day = self.jurisdiction.calendar, self.last_day
        if self.span.last_day == "keep" or calendar.is_working_day(day):
            return
        previous_day = calendar.working_day_on_or_before(day)
        if self.span.last_day == "previous" and previous_day >= not_before:
            self.last_day = previous_day
            self._add_step(explanation.MOVED_TO_PREVIOUS_WORKING_DAY, day=day, to=previous_day)
        else:
            self.last_day = calendar.working_day_on_or_after(day)
            self._add_step(explanation.MOVED_TO_NEXT_WORKING_DAY, day=day, to=self.last_day)

    def _explain_days_off(self, start: date, until: date) -> None:
        calendar = self.jurisdiction.calendar
        days = list(days_between(start, until))
        if days_off := sum(1 for day in days if not calendar.is_working_day(day)):
            self._add_step(explanation.DAYS_OFF_SKIPPED, off=DayCount(days_off))
        for day in days:
            if calendar.is_working_day(day) and calendar.is_weekend(day):
                self._add_step(explanation.WORKING_WEEKEND, day=day)

    def _extend(self, day: date, change: ClockChange) -> None:
        if change.new_deadline is not None:
            self._fix_deadline(explanation.EXTENDED_UNTIL, day, change.new_deadline)
            return
        days, previous_last_day = change.days or 0, self.last_day
        self.fixed_deadline = None
        self.last_day = previous_last_day + timedelta(days=days)
        self._add_step(explanation.EXTENDED, day=day, days=DayCount(days))
        self._add_step(explanation.LAST_DAY, day=self.last_day)
        self._adjust_day_off(previous_last_day)

    def _stop(self, day: date, change: ClockChange) -> None:
        if change.new_deadline is not None:
            self._fix_deadline(explanation.DEFERRED_UNTIL, day, change.new_deadline)
        elif self.last_day < day:
            self._add_step(explanation.DEFERRED_TOO_LATE, day=day)
        elif self.stopped_on is None:
            self.stopped_on = day
            self._add_step(explanation.DEFERRED, day=day)

    def _resume(self, day: date) -> None:
        """Count the days that were left when the clock was stopped from the day on which it is resumed."""
        calendar, stopped_on = self.jurisdiction.calendar, self.stopped_on or day
        self.stopped_on = self.fixed_deadline = None
        if self.span.working:
            days_left = calendar.count_working_days(stopped_on, self.last_day)
            self.last_day = calendar.add_working_days(day, days_left)
        else:
            days_left = (self.last_day - stopped_on).days
            self.last_day = day + timedelta(days=days_left)
        self._add_step(explanation.RESUMED, day=day, days=DayCount(days_left, working=self.span.working))
        self._add_step(explanation.LAST_DAY, day=self.last_day)
        self._adjust_day_off(day)

    def _reopen(self, day: date, change: ClockChange) -> None:
        self.stopped_on = self.fixed_deadline = None
        self.span = self.rule.spans.get("reopened", self.rule.spans["answer"])
        if change.new_deadline is not None:
            self._fix_deadline(explanation.REOPENED_UNTIL, day, change.new_deadline)
            return
        self._add_step(explanation.REOPENED, day=day)
        self._count_span(day, explanation.REOPENED_RULE_APPLIED)

    def _fix_deadline(self, message: str, day: date, new_deadline: datetime) -> None:
        """Set the deadline to the moment that a person named, without moving it to a working day."""
        self.fixed_deadline = new_deadline.astimezone(UTC)
        self.last_day = self.jurisdiction.local_day(new_deadline)
        self.stopped_on = None
        self._add_step(message, day=day, moment=self._to_local(new_deadline))

    def _to_local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.jurisdiction.timezone)

    def _add_step(self, message: str, **values: StepValue) -> None:
        last_day = self.last_day if self.last_day > date.min else None
        self.steps.append(ExplanationStep(message, values, last_day))
