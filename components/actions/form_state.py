"""The state of an action form between runs: its key, the last result, and what is being undone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from components.actions.error_messages import failure_message
from otklik.actions.model import UNDO_WINDOW, ActionFailed, ActionResult, new_operation_key
from otklik.errors import DatabaseRefusal, DatabaseUnavailable, QueryTimeout
from otklik.i18n import _


@dataclass
class ActionFormState:
    """One form on one page: the key of its next action, and the result of the last one until it was read.

    `last_result` is the kind of the operation and its rows. `undo_keys` are the keys of undoing, by operation.
    """

    key: UUID = field(default_factory=new_operation_key)
    last_result: tuple[str, list[ActionResult]] | None = None
    undo_keys: dict[UUID, UUID] = field(default_factory=dict)
    undoable_until: datetime | None = None


def has_pending_result(key: str) -> bool:
    """Whether the form with this key has a result to read or to undo, so that it stays without a selection."""
    state: ActionFormState | None = st.session_state.get(f"{key}-form")
    if state is None:
        return False
    return state.last_result is not None or (
        state.undoable_until is not None and datetime.now(UTC) < state.undoable_until
    )


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
        state.undoable_until = datetime.now(UTC) + UNDO_WINDOW
        if on_done:
            on_done()
        return True
    return False
