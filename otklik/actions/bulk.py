"""What people do to appeals: looked at before, done once, told row by row, and undone within ten minutes.

    key = new_key()                                           # when the form is shown, and kept with it
    look("reassign", cases, holder="RU-KHM-housing")          # what would come of it; changes nothing
    do(key, "reassign", cases, "Nobody there", holder="RU-KHM-housing")
    undo(new_key(), key)

Each case carries the version that the screen saw: one that somebody changed meanwhile is refused, the others go
through. The same key again, also at the same moment or after a lost connection, answers what the first press did.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from otklik.actions.operations import (
    ACTIONS,
    UNDOABLE,
    WAITING,
    Action,
    Case,
    NotDone,
    Recent,
    Row,
    answered,
    asked,
    carry_out,
    telling,
)
from otklik.database.transactions import reading, writing

__all__ = [
    "ACTIONS",
    "UNDOABLE",
    "Action",
    "Case",
    "NotDone",
    "Recent",
    "Row",
    "allow_transfer",
    "do",
    "look",
    "new_key",
    "undo",
    "undoable",
]


def new_key() -> UUID:
    """A key for one form: the same for each press of its button."""
    return uuid4()


def look(
    action: Action,
    appeals: Sequence[Case],
    language: str = "en",
    **fields: Any,  # noqa: ANN401 -- each action has its own
) -> list[Row]:
    """What `do` would do now, appeal by appeal, in the order of their keys. Raises NotDone, Refused."""
    with telling(), reading(WAITING) as connection:
        return answered(connection, asked(new_key(), action, appeals, fields, only_look=True), language)


def do(
    key: UUID,
    action: Action,
    appeals: Sequence[Case],
    reason: str,
    language: str = "en",
    **fields: Any,  # noqa: ANN401 -- each action has its own
) -> list[Row]:
    """Act on up to 1,000 appeals in one transaction, each that can be; a row an appeal, in the order of their keys.

    Fields: reassign `holder` (code); extend `days` (1 to 30) and `notice` (True: the applicant is told); topic `topic`
    (code, of the lowest level); duplicate `region` and `appeal` (the key of the other). A note's text is its reason.
    Raises NotDone, Refused (no right), TooSlow and the driver's errors: the same key may be tried again after these.
    """
    return carry_out({**asked(key, action, appeals, fields), "reason": reason}, language)


def undo(key: UUID, operation: UUID, reason: str = "", language: str = "en") -> list[Row]:
    """Set back what an operation of the viewer's set less than ten minutes ago; a row each appeal that it had done.

    What somebody changed since is refused. Without a reason it has the operation's. Raises NotDone, Refused.
    """
    return carry_out({**asked(key, "undo", (), {"operation": str(operation)}), "reason": reason}, language)


def undoable() -> list[Recent]:
    """What the viewer did in the last ten minutes and may still take back, the last first."""
    statement = text("""
        SELECT key, kind, at, (SELECT count(*) FROM operation_row WHERE operation = key AND refused IS NULL) AS appeals
        FROM operation WHERE person_id = viewer_id() AND undone_by IS NULL AND kind NOT IN ('note', 'undo')
            AND at > now() - :window ORDER BY at DESC""")
    with reading(WAITING) as connection:
        rows = connection.execute(statement, {"window": UNDOABLE}).all()
    return [Recent(row.key, row.kind, row.at, row.appeals) for row in rows if row.appeals]


def allow_transfer(region_id: int, appeal_id: int, reason: str) -> bool:
    """Let an appeal be handed on once more than the cap; False when that is allowed already.

    Raises NotDone, Refused.
    """
    statement = text("SELECT allow_transfer(:region, :appeal, :reason)")
    with telling(), writing() as connection:
        return bool(connection.scalar(statement, {"region": region_id, "appeal": appeal_id, "reason": reason}))
