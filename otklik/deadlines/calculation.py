"""When an appeal is to be registered, forwarded and answered, and how that comes about. Pure: no database.

A deadline is the end of a local day in the region's time zone: its last second, as imported and drawn deadlines are.
An answer at that second is in time, one at the midnight that follows is late.

59-FZ: https://www.consultant.ru/document/cons_doc_LAW_59999/ articles 8 (registration within 3 days, forwarding within
7) and 12 (an answer within 30 days of registration, extended once by up to 30 days, and the applicant told). A last day
that is a day off gives way to the working day before it, as in the instructions of Russian authorities.
"""

from otklik.deadlines import explanation as says
from otklik.deadlines.clock import Clock
from otklik.deadlines.model import Change, Course, Deadline, Place, Rule, Span, What

__all__ = [
    "Change",
    "Course",
    "Deadline",
    "Place",
    "Rule",
    "Span",
    "answer_deadline",
    "forwarding_deadline",
    "registration_deadline",
    "why_not_extend",
]


def answer_deadline(rule: Rule, history: Course, jurisdiction: Place) -> Deadline:
    """Until when the appeal is to be answered."""
    clock = Clock(rule, jurisdiction)
    clock.start(history)
    for change in history.changes:
        clock.take(change)
    return clock.deadline()


def registration_deadline(rule: Rule, history: Course, jurisdiction: Place) -> Deadline | None:
    """Until when it is to be registered; None without such a rule."""
    return _plain(rule, "register", history, jurisdiction)


def forwarding_deadline(rule: Rule, history: Course, jurisdiction: Place) -> Deadline | None:
    """Until when it is to be forwarded to who can answer; None without such a rule."""
    return _plain(rule, "forward", history, jurisdiction)


def why_not_extend(rule: Rule, history: Course, days: int, reason: str) -> str | None:
    """Why the deadline may not be extended by so many days, as a message to translate; None when it may.

    Once in each clock, and not by more than the rule has; {most} in the message is `rule.extension`.
    """
    kinds = [change.kind for change in history.changes]
    while "reopened" in kinds:
        del kinds[: kinds.index("reopened") + 1]
    if rule.extension == 0:
        return says.NO_EXTENSION
    if "extended" in kinds:
        return says.EXTENDED_ALREADY
    if not 1 <= days <= rule.extension:
        return says.TOO_LONG
    return None if reason.strip() else says.NO_REASON


def _plain(rule: Rule, span_kind: What, history: Course, jurisdiction: Place) -> Deadline | None:
    if span_kind not in rule.spans:
        return None
    clock = Clock(rule, jurisdiction)
    clock.start(history, span_kind)
    return clock.deadline()
