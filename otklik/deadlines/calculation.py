"""Deadlines for registering, forwarding and answering an appeal, without a database.

A deadline is the last second of a local day in the region's time zone, as in imported files and in the demo. An answer
at that second is in time, one at the following midnight is late.

59-FZ: https://www.consultant.ru/document/cons_doc_LAW_59999/ articles 8 (registration within 3 days, forwarding within
7) and 12 (an answer within 30 days of registration, within 20 where a governor is told of violations of migration law;
extended once by up to 30 days with notice to the applicant). An extension counts from the last day as counted, and a
day off moves the result once. Where it moves to is a setting of the regime: the law doesn't say.
"""

from otklik.deadlines import explanation
from otklik.deadlines.deadline_clock import DeadlineClock
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
    """The deadline for the answer, with its explanation."""
    clock = DeadlineClock(rule, jurisdiction)
    clock.start(history)
    for change in history.changes:
        clock.apply_change(change)
    return clock.deadline()


def registration_deadline(rule: DeadlineRule, history: AppealHistory, jurisdiction: Jurisdiction) -> Deadline | None:
    """The deadline for the registration; None where the rule sets none."""
    return _span_deadline(rule, "register", history, jurisdiction)


def forwarding_deadline(rule: DeadlineRule, history: AppealHistory, jurisdiction: Jurisdiction) -> Deadline | None:
    """The deadline for forwarding the appeal to a competent organisation; None where the rule sets none."""
    return _span_deadline(rule, "forward", history, jurisdiction)


def extension_error(rule: DeadlineRule, history: AppealHistory, days: int, reason: str) -> str | None:
    """Why the deadline may not be extended by so many days, as a gettext message id; None when it may.

    An appeal may be extended once, and once more after each re-opening, by at most `rule.max_extension_days`, which is
    {most} in the message.
    """
    kinds = [change.kind for change in history.changes]
    while "reopened" in kinds:
        del kinds[: kinds.index("reopened") + 1]
    if rule.max_extension_days == 0:
        return explanation.EXTENSION_NOT_ALLOWED
    if "extended" in kinds:
        return explanation.ALREADY_EXTENDED
    if not 1 <= days <= rule.max_extension_days:
        return explanation.EXTENSION_TOO_LONG
    return None if reason.strip() else explanation.EXTENSION_NEEDS_REASON


def _span_deadline(
    rule: DeadlineRule, span_kind: SpanKind, history: AppealHistory, jurisdiction: Jurisdiction
) -> Deadline | None:
    if span_kind not in rule.spans:
        return None
    clock = DeadlineClock(rule, jurisdiction)
    clock.start(history, span_kind)
    return clock.deadline()
