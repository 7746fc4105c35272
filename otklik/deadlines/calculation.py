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


def answer_deadline(rule: Rule, course: Course, place: Place) -> Deadline:
    """Until when the appeal is to be answered."""
    count = Clock(rule, place)
    count.start(course)
    for change in course.changes:
        count.take(change)
    return count.deadline()


def registration_deadline(rule: Rule, course: Course, place: Place) -> Deadline | None:
    """Until when it is to be registered; None without such a rule."""
    return _plain(rule, "register", course, place)


def forwarding_deadline(rule: Rule, course: Course, place: Place) -> Deadline | None:
    """Until when it is to be forwarded to who can answer; None without such a rule."""
    return _plain(rule, "forward", course, place)


def why_not_extend(rule: Rule, course: Course, days: int, reason: str) -> str | None:
    """Why the deadline may not be extended by so many days, as a message to translate; None when it may.

    Once in each clock, and not by more than the rule has; {most} in the message is `rule.extension`.
    """
    since = [change.kind for change in course.changes]
    while "reopened" in since:
        del since[: since.index("reopened") + 1]
    if rule.extension == 0:
        return says.NO_EXTENSION
    if "extended" in since:
        return says.EXTENDED_ALREADY
    if not 1 <= days <= rule.extension:
        return says.TOO_LONG
    return None if reason.strip() else says.NO_REASON


def _plain(rule: Rule, what: What, course: Course, place: Place) -> Deadline | None:
    if what not in rule.spans:
        return None
    count = Clock(rule, place)
    count.start(course, what)
    return count.deadline()
