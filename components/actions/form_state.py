"""A place on a screen where things are done to appeals: its form's key, and what came of the last press."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.actions import refusal_messages
from otklik.actions.bulk import UNDO_WINDOW, ActionFailed, ActionResult, new_operation_key
from otklik.errors import DatabaseRefusal, DatabaseUnavailable, QueryTimeout
from otklik.i18n import _


@dataclass
class ActionFormState:
    """One place on a screen where things are done: the key of the form that is shown, and what came of the last one."""

    key: UUID = field(default_factory=new_operation_key)
    last_result: tuple[str, list[ActionResult]] | None = None
    undo_keys: dict[UUID, UUID] = field(default_factory=dict)
    undoable_until: datetime | None = None


def has_pending_result(key: str) -> bool:
    """Whether a result waits under this key to be read or undone: a place drawn for a choice alone stays for it."""
    state: ActionFormState | None = st.session_state.get(f"{key}-desk")
    if state is None:
        return False
    return state.last_result is not None or (
        state.undoable_until is not None and datetime.now(UTC) < state.undoable_until
    )


def submit_action(
    state: ActionFormState,
    action: str,
    run_action: Callable[[], list[ActionResult]],
    on_done: Callable[[], None] | None,
) -> bool:
    """Press the button; False, and a sentence, when nothing came of it."""
    try:
        action_results = run_action()
    except ActionFailed as error:
        st.error(refusal_messages.for_action(error.code), icon=":material/block:")
        if error.code == "key_used":
            state.key = new_operation_key()
    except DatabaseRefusal:
        st.error(_("Your role doesn't allow this."), icon=":material/lock:")
    except (OperationalError, DatabaseUnavailable, QueryTimeout):
        st.warning(
            _("The database didn't answer. Press again: what was done already is not done twice."),
            icon=":material/cloud_off:",
        )
    else:
        state.last_result, state.key = (action, action_results), new_operation_key()
        state.undoable_until = datetime.now(UTC) + UNDO_WINDOW
        if on_done:
            on_done()
        return True
    return False
