"""The state of an appeal by its deadline, defined once in SQL: closed, overdue, at risk or within time.

An open appeal is overdue once its deadline has passed, at risk once four fifths of its time are used (`risk_at`), and
within time before that. Without a deadline its state is unknown: such appeals are counted and listed with those within
time, and called `no_deadline`. The state is that of the moment of the query.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_

from otklik.database.tables import appeal

DeadlineState = Literal["within", "at_risk", "overdue"]
DEADLINE_STATES: tuple[DeadlineState, ...] = ("within", "at_risk", "overdue")
NO_DEADLINE: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
# The deadline as the index of the queue has it: appeals without one come last, and are never overdue.
QUEUE_DEADLINE = case((appeal.c.deadline_at.is_(None), NO_DEADLINE), else_=appeal.c.deadline_at)


def has_passed(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a moment lies in the past; NULL for a missing one."""
    return moment < func.now()


def appeal_state() -> ColumnElement[str]:
    """One of `DEADLINE_STATES`, `no_deadline`, or `closed`."""
    return case(
        (appeal.c.closed_at.is_not(None), "closed"),
        (has_passed(appeal.c.deadline_at), "overdue"),
        (has_passed(appeal.c.risk_at), "at_risk"),
        (appeal.c.deadline_at.is_(None), "no_deadline"),
        else_="within",
    )


def is_in_state(state: DeadlineState, deadline: ColumnElement[Any] = QUEUE_DEADLINE) -> ColumnElement[bool]:
    """Whether an open appeal is in a state; `deadline` is the form of the deadline that the index to be used has."""
    if state == "overdue":
        return has_passed(deadline)
    risk_at = appeal.c.risk_at
    return and_(
        deadline >= func.now(),
        has_passed(risk_at) if state == "at_risk" else or_(risk_at >= func.now(), risk_at.is_(None)),
    )
