"""What people do to appeals: looked at before, done once, told row by row, and undone within ten minutes.

    key = new_key()                                           # when the form is shown, and kept with it
    look("reassign", cases, holder="RU-KHM-housing")          # what would come of it; changes nothing
    do(key, "reassign", cases, "Nobody there", holder="RU-KHM-housing")
    undo(new_key(), key)

Each case carries the version that the screen saw: one that somebody changed meanwhile is refused, the others go
through. The same key again, also at the same moment or after a lost connection, answers what the first press did.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from database.reading import patience, reading, writing
from database.refusal import refusing

Action = Literal["reassign", "extend", "return", "topic", "note", "duplicate"]
ACTIONS: tuple[Action, ...] = ("reassign", "extend", "return", "topic", "note", "duplicate")
"""Each is also the name of the right that it needs; `do` says which fields it takes."""

REFUSED = (
    *("unseen", "closed", "changed", "holds_it", "territory", "level", "cap"),
    *("no_deadline", "extended", "still_late", "not_handed_on", "same_topic", "itself"),
)
"""Why one appeal is refused."""
NOT_DONE = (
    *("how_many", "no_reason", "no_holder", "days", "no_notice", "no_topic", "no_original"),
    *("not_undoable", "undone", "too_late", "key_used"),
)
"""Why nothing at all is done."""

AT_ONCE = 1000
UNDOABLE = timedelta(minutes=10)
WAITING = 20.0
"""Seconds that an action may wait for others who change the same appeals."""


@dataclass(frozen=True)
class Case:
    """An appeal as a screen saw it; `version` is its `updated_at`."""

    region_id: int
    id: int
    version: datetime


@dataclass(frozen=True)
class Row:
    """What came, or would come, of one appeal: done, or refused by a code of REFUSED.

    `by` and `at` say who changed or closed it meanwhile, and when. `before` and `after` are the columns that are set.
    """

    region_id: int
    id: int
    number: str | None
    refused: str | None
    by: str | None
    at: datetime | None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class NotDone(Exception):
    """Nothing was done; `code` is one of NOT_DONE."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def new_key() -> UUID:
    """A key for one form: the same for each press of its button."""
    return uuid4()


def look(action: Action, cases: Sequence[Case], **fields: object) -> list[Row]:
    """What `do` would do now, appeal by appeal, in the order of their keys. Raises NotDone, Refused."""
    with _telling(), reading() as connection:
        return _rows(connection.execute(HANDLE, _asked(new_key(), action, cases, fields, "", only_look=True)).all())


def do(key: UUID, action: Action, cases: Sequence[Case], reason: str, **fields: object) -> list[Row]:
    """Act on up to 1,000 appeals in one transaction, each that can be; a row an appeal, in the order of their keys.

    Fields: reassign `holder` (code); extend `days` (1 to 30) and `notice` (True: the applicant is told); topic `topic`
    (code, of the lowest level); duplicate `region` and `appeal` (the key of the other). A note's text is its reason.
    Raises NotDone, Refused (no right), TooSlow and the driver's errors: the same key may be tried again after these.
    """
    return _done(_asked(key, action, cases, fields, reason))


def undo(key: UUID, operation: UUID, reason: str = "") -> list[Row]:
    """Set back what an operation of the viewer's set less than ten minutes ago; a row each appeal that it had done.

    What somebody changed since is refused. Raises NotDone, Refused.
    """
    return _done(_asked(key, "undo", (), {"operation": str(operation)}, reason))


def allow_transfer(region: int, appeal: int, reason: str) -> bool:
    """Let an appeal be handed on once more than the cap; False when that is allowed already.

    Raises NotDone, Refused.
    """
    call = text("SELECT allow_transfer(:region, :appeal, :reason)")
    with _telling(), writing() as connection:
        return bool(connection.scalar(call, {"region": region, "appeal": appeal, "reason": reason}))


HANDLE = text("""
    SELECT region_id, appeal_id, number, refused, by_whom, at, before, after
    FROM handle_appeals(:key, :action, CAST(:regions AS integer[]), CAST(:ids AS bigint[]),
        CAST(:versions AS timestamptz[]), :fields, :reason, :only_look)
    ORDER BY region_id, appeal_id""").bindparams(bindparam("fields", type_=JSONB))


def _asked(
    key: UUID, action: str, cases: Sequence[Case], fields: dict[str, object], reason: str, *, only_look: bool = False
) -> dict[str, object]:
    return {
        "key": key,
        "action": action,
        "regions": [case.region_id for case in cases],
        "ids": [case.id for case in cases],
        "versions": [case.version for case in cases],
        "fields": fields,
        "reason": reason,
        "only_look": only_look,
    }


def _done(asked: dict[str, object]) -> list[Row]:
    told = patience.set(WAITING)
    try:
        with _telling(), writing() as connection:
            return _rows(connection.execute(HANDLE, asked).all())
    finally:
        patience.reset(told)


def _rows(found: Sequence[Any]) -> list[Row]:
    return [
        Row(r.region_id, r.appeal_id, r.number, r.refused, r.by_whom, r.at, r.before or {}, r.after or {})
        for r in found
    ]


@contextmanager
def _telling() -> Iterator[None]:
    """Turn the database's codes into NotDone, its other refusals into Refused."""
    try:
        with refusing():
            yield
    except Exception as error:
        cause = error.__cause__
        code = (
            getattr(getattr(cause.orig, "diag", None), "constraint_name", None)
            if isinstance(cause, DBAPIError)
            else None
        )
        if code in NOT_DONE:
            raise NotDone(code) from error
        raise
