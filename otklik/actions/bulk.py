"""Actions on appeals: previewed, executed once however often they are asked for, and undone within ten minutes.

    key = new_operation_key()                                 # when the form is first shown, and kept with it
    preview("reassign", appeals, holder="RU-KHM-housing")     # changes nothing
    execute(key, "reassign", appeals, "Nobody there", holder="RU-KHM-housing")
    execute(key, "reassign", appeals, "Nobody there", holders={"RU-KHM-housing": [0, 2], "RU-KHM-roads": [1]})
    undo(new_operation_key(), key)

Each appeal carries the version that the screen showed: one that somebody has changed since is refused, the others go
through. A repeated key, even at the same moment or after a lost connection, returns the result of the first call.

The module itself is what `components.actions.form.action_form` is given to work with.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from otklik.actions.candidates import holder_options
from otklik.actions.catalogue import BULK_ACTIONS, UNDO_ID
from otklik.actions.field_options import appeal_by_number, lowest_level_topics
from otklik.actions.model import (
    UNDO_WINDOW,
    ActionFailed,
    ActionResult,
    AppealVersion,
    UndoableOperation,
    new_operation_key,
)
from otklik.actions.operations import (
    ACTION_TIMEOUT_SECONDS,
    action_results,
    operation_parameters,
    run_operation,
    translate_action_errors,
)
from otklik.actions.reason_templates import reason_templates
from otklik.database.transactions import read_transaction, write_transaction
from otklik.deadlines.extension import extended_deadlines

__all__ = [
    "ActionFailed",
    "ActionResult",
    "AppealVersion",
    "UndoableOperation",
    "allow_transfer",
    "appeal_by_number",
    "execute",
    "holder_options",
    "lowest_level_topics",
    "new_operation_key",
    "preview",
    "reason_templates",
    "undo",
    "undoable_operations",
]

MAX_EXTENSION_DAYS = 30
"""The most days of an extension, by 59-FZ, article 12, part 2; the database refuses more."""


def preview(
    action_id: str,
    appeals: Sequence[AppealVersion],
    language: str = "en",
    **fields: object,
) -> list[ActionResult]:
    """What `execute` would do now: one result an appeal, by region and id. Raises ActionFailed, DatabaseRefusal."""
    asked_fields = _with_deadlines(action_id, appeals, fields)
    with translate_action_errors(), read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        return action_results(
            connection,
            operation_parameters(new_operation_key(), action_id, appeals, asked_fields, preview_only=True),
            language,
        )


def execute(
    key: UUID,
    action_id: str,
    appeals: Sequence[AppealVersion],
    reason: str,
    language: str = "en",
    **fields: object,
) -> list[ActionResult]:
    """Act on up to 1,000 appeals in one transaction; one result an appeal, by region and id.

    Fields: reassign `holder` (code), or `holders` (by code, the positions in `appeals` of those that it gets: one
    without is refused); extend `days` (1 to 30) and `notice` (True: the applicant is notified); topic `topic` (code, of
    the lowest level); duplicate `region` and `appeal` (the key of the original). A note's text is its
    reason. Raises ActionFailed, DatabaseRefusal (no right), DatabaseUnavailable, QueryTimeout: after the last two the
    same call may be repeated.
    """
    parameters = operation_parameters(key, action_id, appeals, _with_deadlines(action_id, appeals, fields))
    return run_operation({**parameters, "reason": reason}, language)


def _with_deadlines(action_id: str, appeals: Sequence[AppealVersion], fields: dict[str, object]) -> dict[str, object]:
    """The fields of an extension with the new deadline of each appeal, counted from its unmoved last day.

    The database takes them for the versions of the appeals that the action names: those changed since are refused.
    """
    days = fields.get("days")
    if action_id != "extend" or not isinstance(days, int) or not 1 <= days <= MAX_EXTENSION_DAYS:
        return fields
    with translate_action_errors(), read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        deadlines = extended_deadlines(connection, [(appeal.region_id, appeal.id) for appeal in appeals], days)
    return {**fields, "deadlines": [deadline and deadline.isoformat() for deadline in deadlines]}


def undo(key: UUID, operation: UUID, reason: str = "", language: str = "en") -> list[ActionResult]:
    """Set back what an operation of the viewer changed in the last ten minutes; one result an appeal that it changed.

    An appeal that somebody has changed since is refused. An empty reason stands for the operation's own. Raises
    ActionFailed, DatabaseRefusal.
    """
    return run_operation(
        {**operation_parameters(key, UNDO_ID, (), {"operation": str(operation)}), "reason": reason}, language
    )


def undoable_operations() -> list[UndoableOperation]:
    """What the viewer did in the last ten minutes and can still undo, newest first."""
    statement = text("""
        SELECT key, kind, at, (SELECT count(*) FROM operation_row WHERE operation = key AND refused IS NULL) AS appeals
        FROM operation WHERE person_id = viewer_id() AND undone_by IS NULL AND kind = ANY (:undoable)
            AND at > now() - :window ORDER BY at DESC""")
    undoable_ids = [action.id for action in BULK_ACTIONS if action.is_undoable]
    with read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        rows = connection.execute(statement, {"undoable": undoable_ids, "window": UNDO_WINDOW}).all()
    return [UndoableOperation(row.key, row.kind, row.at, row.appeals) for row in rows if row.appeals]


def allow_transfer(region_id: int, appeal_id: int, reason: str) -> bool:
    """Allow one transfer of an appeal beyond the cap; False when one is allowed already.

    Raises ActionFailed, DatabaseRefusal.
    """
    statement = text("SELECT allow_transfer(:region, :appeal, :reason)")
    with translate_action_errors(), write_transaction() as connection:
        return bool(connection.scalar(statement, {"region": region_id, "appeal": appeal_id, "reason": reason}))
