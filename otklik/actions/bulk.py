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
    ACTION_TIMEOUT_SECONDS,
    ACTIONS,
    UNDO_WINDOW,
    Action,
    ActionFailed,
    ActionResult,
    AppealVersion,
    UndoableOperation,
    action_results,
    operation_parameters,
    run_operation,
    translate_action_errors,
)
from otklik.database.transactions import read_transaction, write_transaction

__all__ = [
    "ACTIONS",
    "UNDO_WINDOW",
    "Action",
    "ActionFailed",
    "ActionResult",
    "AppealVersion",
    "UndoableOperation",
    "allow_transfer",
    "execute",
    "new_operation_key",
    "preview",
    "undo",
    "undoable_operations",
]


def new_operation_key() -> UUID:
    """A key for one form: the same for each press of its button."""
    return uuid4()


def preview(
    action: Action,
    appeals: Sequence[AppealVersion],
    language: str = "en",
    **fields: Any,
) -> list[ActionResult]:
    """What `do` would do now, appeal by appeal, in the order of their keys. Raises NotDone, Refused."""
    with translate_action_errors(), read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        return action_results(
            connection, operation_parameters(new_operation_key(), action, appeals, fields, preview_only=True), language
        )


def execute(
    key: UUID,
    action: Action,
    appeals: Sequence[AppealVersion],
    reason: str,
    language: str = "en",
    **fields: Any,
) -> list[ActionResult]:
    """Act on up to 1,000 appeals in one transaction, each that can be; a row an appeal, in the order of their keys.

    Fields: reassign `holder` (code); extend `days` (1 to 30) and `notice` (True: the applicant is told); topic `topic`
    (code, of the lowest level); duplicate `region` and `appeal` (the key of the other). A note's text is its reason.
    Raises NotDone, Refused (no right), TooSlow and the driver's errors: the same key may be tried again after these.
    """
    return run_operation({**operation_parameters(key, action, appeals, fields), "reason": reason}, language)


def undo(key: UUID, operation: UUID, reason: str = "", language: str = "en") -> list[ActionResult]:
    """Set back what an operation of the viewer's set less than ten minutes ago; a row each appeal that it had done.

    What somebody changed since is refused. Without a reason it has the operation's. Raises NotDone, Refused.
    """
    return run_operation(
        {**operation_parameters(key, "undo", (), {"operation": str(operation)}), "reason": reason}, language
    )


def undoable_operations() -> list[UndoableOperation]:
    """What the viewer did in the last ten minutes and may still take back, the last first."""
    statement = text("""
        SELECT key, kind, at, (SELECT count(*) FROM operation_row WHERE operation = key AND refused IS NULL) AS appeals
        FROM operation WHERE person_id = viewer_id() AND undone_by IS NULL AND kind NOT IN ('note', 'undo')
            AND at > now() - :window ORDER BY at DESC""")
    with read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        rows = connection.execute(statement, {"window": UNDO_WINDOW}).all()
    return [UndoableOperation(row.key, row.kind, row.at, row.appeals) for row in rows if row.appeals]


def allow_transfer(region_id: int, appeal_id: int, reason: str) -> bool:
    """Let an appeal be handed on once more than the cap; False when that is allowed already.

    Raises NotDone, Refused.
    """
    statement = text("SELECT allow_transfer(:region, :appeal, :reason)")
    with translate_action_errors(), write_transaction() as connection:
        return bool(connection.scalar(statement, {"region": region_id, "appeal": appeal_id, "reason": reason}))
