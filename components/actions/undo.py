"""Undoing what was done in the last ten minutes: a button for each operation, with the time that is left."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import streamlit as st

from components.actions.form_state import ActionFormState, submit_action
from components.actions.results import undo_button
from otklik.actions.catalogue import UNDO_ID
from otklik.actions.model import UNDO_WINDOW, ActionResult, UndoableOperation, new_operation_key
from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer


class UndoActions(Protocol):
    """`otklik.actions.bulk`, as far as it undoes."""

    def undo(self, key: UUID, operation: UUID, reason: str, language: str) -> list[ActionResult]:
        """Set back what an operation changed, once for each key."""

    def undoable_operations(self) -> Sequence[UndoableOperation]:
        """What the viewer can still undo, newest first."""


def undo_buttons(
    viewer: "Viewer", actions: UndoActions, state: ActionFormState, key: str, on_done: Callable[[], None] | None
) -> None:
    """A button for each operation of the last ten minutes, with the time that is left to undo it.

    While an operation of this form may be undone, it is looked for each second until the database shows it.
    """
    operations = _read_operations(actions)
    if not operations and not state.may_undo():
        return

    @st.fragment(run_every="1s")
    def countdown() -> None:
        nonlocal operations
        viewer.enter_scope()
        operations = operations or _read_operations(actions)
        if not operations and state.may_undo():
            st.caption(_("Looking for what can be undone…"))
        for operation in operations:
            if not undo_button(operation, f"{key}-undo-{operation.key}"):
                continue
            undo_key = state.undo_keys.setdefault(operation.key, new_operation_key())
            if submit_action(
                state,
                UNDO_ID,
                lambda: actions.undo(undo_key, operation.key, "", viewer.language),  # noqa: B023 -- called at once
                on_done,
            ):
                others = [other.at for other in operations if other.key != operation.key]
                state.undoable_until = max(others) + UNDO_WINDOW if others else None
                st.rerun()

    countdown()


def _read_operations(actions: UndoActions) -> Sequence[UndoableOperation]:
    """What can be undone; nothing when the database doesn't answer, so that it is asked again."""
    try:
        return actions.undoable_operations()
    except (DatabaseUnavailable, QueryTimeout):
        return ()


def has_pending_result(key: str, load_operations: Callable[[], Sequence[UndoableOperation]]) -> bool:
    """Whether the form with this key has a result to read or to undo, so that it stays without a selection.

    A session that has not acted yet asks once what the viewer did before (`otklik.actions.bulk.undoable_operations`).
    """
    state: ActionFormState | None = st.session_state.get(f"{key}-form")
    if state is None:
        try:
            operations = load_operations()
        except (DatabaseUnavailable, QueryTimeout):
            return False
        state = st.session_state[f"{key}-form"] = ActionFormState()
        state.undoable_until = operations[0].at + UNDO_WINDOW if operations else None
    return state.last_result is not None or state.may_undo()
