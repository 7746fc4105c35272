"""When an appeal is to be registered, forwarded and answered, and how that comes about. Pure: no database.

A deadline is the end of a local day in the region's time zone: its last second, as imported and drawn deadlines are.
An answer at that second is in time, one at the midnight that follows is late.

59-FZ: https://www.consultant.ru/document/cons_doc_LAW_59999/ articles 8 (registration within 3 days, forwarding within
7) and 12 (an answer within 30 days of registration, extended once by up to 30 days, and the applicant told). A last day
that is a day off gives way to the working day before it, as in the instructions of Russian authorities.
"""

from otklik.deadlines import explanation as says
from otklik.deadlines.clock import DeadlineClock
from otklik.deadlines.model import AppealHistory, ClockChange, Deadline, DeadlineRule, Jurisdiction, Span, SpanKind

__all__ = [
    "AppealHistory",
    "ClockChange",
    "Deadline",
    "DeadlineRule",
    "Jurisdiction",
    "Span",
    "answer_deadline",
    "extension_error",
    "forwarding_deadline",
    "registration_deadline",
]


def answer_deadline(rule: DeadlineRule, history: AppealHistory, jurisdiction: Jurisdiction) -> Deadline:
    """Until when the appeal is to be answered."""
    clock = DeadlineClock(rule, jurisdiction)
    clock.start(history)
    for change in history.changes:
        clock.apply_change(change)
    return clock.deadline()


def registration_deadline(rule: DeadlineRule, history: AppealHistory, jurisdiction: Jurisdiction) -> Deadline | None:
    """Until when it is to be registered; None without such a rule."""
    return _span_deadline(rule, "register", history, jurisdiction)


def forwarding_deadline(rule: DeadlineRule, history: AppealHistory, jurisdiction: Jurisdiction) -> Deadline | None:
    """Until when it is to be forwarded to who can answer; None without such a rule."""
    return _span_deadline(rule, "forward", history, jurisdiction)


def extension_error(rule: DeadlineRule, history: AppealHistory, days: int, reason: str) -> str | None:
    """Why the deadline may not be extended by so many days, as a message to translate; None when it may.

    Once in each clock, and not by more than the rule has; {most} in the message is `rule.extension`.
    """
    kinds = [change.kind for change in history.changes]
    while "reopened" in kinds:
        del kinds[: kinds.index("reopened") + 1]
    if rule.max_extension_days == 0:
        return says.EXTENSION_NOT_ALLOWED
    if "extended" in kinds:
        return says.ALREADY_EXTENDED
    if not 1 <= days <= rule.max_extension_days:
        return says.EXTENSION_TOO_LONG
    return None if reason.strip() else says.EXTENSION_NEEDS_REASON


def _span_deadline(
    rule: DeadlineRule, span_kind: SpanKind, history: AppealHistory, jurisdiction: Jurisdiction
) -> Deadline | None:
    if span_kind not in rule.spans:
        return None
    clock = DeadlineClock(rule, jurisdiction)
    clock.start(history, span_kind)
    return clock.deadline()
