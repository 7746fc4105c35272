"""What actions take and return: appeals as a screen showed them, results, operations that can be undone, candidates."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

MAX_APPEALS = 1000
"""The largest number of appeals in one operation."""
UNDO_WINDOW = timedelta(minutes=10)
"""How long an operation can be undone."""


@dataclass(frozen=True)
class AppealVersion:
    """An appeal as a screen showed it; `version` is its `updated_at` of that moment."""

    region_id: int
    id: int
    version: datetime


@dataclass(frozen=True)
class ActionResult:
    """What an action did, or would do, to one appeal: it changed it, or refused with a code.

    `refusal_code` is a key of `otklik.actions.refusals.REFUSALS`, None when the appeal is changed. `changed_by` and
    `changed_at` say who changed or closed it since the screen showed it, and when. `old_value` and `new_value` are the
    name of a holder, topic or status, or a deadline. Moments are in the time zone of the appeal's region.
    """

    region_id: int
    id: int
    number: str | None
    refusal_code: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    old_value: str | datetime | None = None
    new_value: str | datetime | None = None


@dataclass(frozen=True)
class UndoableOperation:
    """An operation that the viewer can still undo: its action, when it was done, and how many appeals it changed."""

    key: UUID
    action_id: str
    at: datetime
    appeal_count: int


@dataclass(frozen=True)
class HolderCandidate:
    """An organisation that may take some of the selected appeals, with its workload in the viewer's territories.

    `open` and `overdue`: appeals that it holds now.
    """

    code: str
    name: str
    territory: str
    open: int
    overdue: int
    closed_per_day: float

    @property
    def days_to_clear(self) -> float | None:
        """Days in which it would close all that it holds at its present pace; None where it closes nothing."""
        return self.open / self.closed_per_day if self.closed_per_day else None


Nearness = Literal["topic_here", "topic_in_region", "related_here", "related_in_region"]
"""On the same topic or on one beside it in the catalogue; in the same municipality or in the same region."""


@dataclass(frozen=True)
class Experience:
    """How many appeals as near as this an organisation closed of those received lately, and in how many days each."""

    nearness: Nearness
    closed: int
    mean_days: float


@dataclass(frozen=True)
class RankedHolder:
    """A candidate for some appeals: how many of them it may take, and its nearest experience with such appeals.

    `room`: the appeals that it could take and close within the `days` to their deadlines, as in
    otklik.actions.capacity.
    """

    candidate: HolderCandidate
    takes_count: int
    experience: Experience | None
    room: float | None
    days: float

    @property
    def has_room(self) -> bool:
        """Whether it could take one more appeal at least."""
        return self.room is not None and self.room >= 1


class ActionFailed(Exception):
    """An action that changed nothing at all; `code` is a key of `otklik.actions.refusals.FAILURES`."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def new_operation_key() -> UUID:
    """A key for one form: executing again under the same key returns the first result and changes nothing."""
    return uuid4()
