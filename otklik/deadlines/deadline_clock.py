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
        self.unmoved_last_day: date = date.min
        """The last day as counted, before a day off moved it: extensions and interruptions count from it."""
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
        rule = LocalizedName(self.rule.name, self.rule.names)
        self._add_step(message, rule=rule, days=DayCount(span.days, working=span.working), day=start)
        if span.working:
            self._explain_days_off(start, last_day)
        self._settle(last_day, not_before=start)

    def _settle(self, last_day: date, not_before: date) -> None:
        """Set and explain the last day as counted, and move it where it is a day off."""
        self.unmoved_last_day, self.last_day = last_day, last_day
        self._add_step(explanation.LAST_DAY, day=last_day)
        if self.jurisdiction.calendar.is_working_day(last_day):
            return
        self.last_day = self._settled_day(last_day, not_before)
        if self.last_day == last_day:
            self._add_step(explanation.STAYS_ON_DAY_OFF, day=last_day)
        elif self.last_day < last_day:
            self._add_step(explanation.MOVED_TO_PREVIOUS_WORKING_DAY, day=last_day, to=self.last_day)
        else:
            self._add_step(explanation.MOVED_TO_NEXT_WORKING_DAY, day=last_day, to=self.last_day)
        if self.span.last_day_source is not None:
            self._add_step(explanation.LAST_DAY_SOURCE, source=self.span.last_day_source)

    def _settled_day(self, last_day: date, not_before: date) -> date:
        """Where the span moves a last day that is a day off: never to before the count began."""
        calendar = self.jurisdiction.calendar
        if self.span.last_day in ("next", "previous"):
            previous_day = calendar.working_day_on_or_before(last_day)
            if self.span.last_day == "previous" and previous_day >= not_before:
                return previous_day
            return calendar.working_day_on_or_after(last_day)
        return last_day

    def _explain_days_off(self, start: date, until: date) -> None:
        calendar = self.jurisdiction.calendar
        days = list(days_between(start, until))
        if days_off := sum(1 for day in days if not calendar.is_working_day(day)):
            self._add_step(explanation.DAYS_OFF_SKIPPED, off=DayCount(days_off))
        for day in days:
            if calendar.is_working_day(day) and calendar.is_weekend(day):
                self._add_step(explanation.WORKING_WEEKEND, day=day)

    def extended_last_day(self, days: int) -> date:
        """The last day after an extension: counted from the unmoved last day, and moved once."""
        return self._settled_day(self.unmoved_last_day + timedelta(days=days), self.unmoved_last_day)

    def _extend(self, day: date, change: ClockChange) -> None:
        new_deadline, start = change.new_deadline, self.unmoved_last_day
        counted_deadline = self.jurisdiction.end_of_day(self.extended_last_day(change.days or 0))
        if new_deadline is not None and (change.days is None or new_deadline != counted_deadline):
            self._fix_deadline(explanation.EXTENDED_UNTIL, day, new_deadline)
            return
        self.fixed_deadline = None
        self._add_step(explanation.EXTENDED, day=day, days=DayCount(change.days or 0), start=start)
        self._settle(start + timedelta(days=change.days or 0), not_before=start)

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
            days_left = calendar.count_working_days(stopped_on, self.unmoved_last_day)
            last_day = calendar.add_working_days(day, days_left)
        else:
            days_left = max((self.unmoved_last_day - stopped_on).days, 0)
            last_day = day + timedelta(days=days_left)
        self._add_step(explanation.RESUMED, day=day, days=DayCount(days_left, working=self.span.working))
        self._settle(last_day, not_before=day)

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
        self.last_day = self.unmoved_last_day = self.jurisdiction.local_day(new_deadline)
        self.stopped_on = None
        self._add_step(message, day=day, moment=self._to_local(new_deadline))

    def _to_local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.jurisdiction.timezone)

    def _add_step(self, message: str, **values: StepValue) -> None:
        last_day = self.last_day if self.last_day > date.min else None
        self.steps.append(ExplanationStep(message, values, last_day))
