"""The state of an action form between runs: its key, the last result, and what is being undone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from components.actions.error_messages import failure_message
from otklik.actions.catalogue import BULK_ACTIONS
from otklik.actions.model import UNDO_WINDOW, ActionFailed, ActionResult, new_operation_key
from otklik.errors import DatabaseRefusal, DatabaseUnavailable, QueryTimeout
from otklik.i18n import _

UNDOABLE_IDS = frozenset(action.id for action in BULK_ACTIONS if action.is_undoable)


@dataclass
class ActionFormState:
    """One form on one page: the key of its next action, and the result of the last one until it was read.

    `last_result` is the kind of the operation and its rows. `undo_keys` are the keys of undoing, by operation.
    """

    key: UUID = field(default_factory=new_operation_key)
    last_result: tuple[str, list[ActionResult]] | None = None
    undo_keys: dict[UUID, UUID] = field(default_factory=dict)
    undoable_until: datetime | None = None

    def may_undo(self) -> bool:
        """Whether something that was done with this form can be undone still."""
        return self.undoable_until is not None and datetime.now(UTC) < self.undoable_until


def submit_action(
    state: ActionFormState,
    action_id: str,
    run_action: Callable[[], list[ActionResult]],
    on_done: Callable[[], None] | None,
) -> bool:
    """Run an action and keep its result in the state; False after an error, which is shown."""
    try:
        action_results = run_action()
    except ActionFailed as error:
        st.error(failure_message(error.code), icon=":material/block:")
        if error.code == "key_used":
            state.key = new_operation_key()
    except DatabaseRefusal:
        st.error(_("Your role doesn't allow this."), icon=":material/lock:")
    except (DatabaseUnavailable, QueryTimeout):
        st.warning(
            _("The database didn't answer. Press again: what was done already is not done twice."),
            icon=":material/cloud_off:",
        )
    else:
        state.last_result, state.key = (action_id, action_results), new_operation_key()
        if action_id in UNDOABLE_IDS and any(result.refusal_code is None for result in action_results):
            state.undoable_until = datetime.now(UTC) + UNDO_WINDOW
        if on_done:
            on_done()
        return True
    return False
