"""What may be done to appeals, one or many: choose it, look at what would come of it, do it, take it back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.actions import fields, refusal_messages, results
from components.actions.form_state import ActionFormState, submit_action
from components.layout.empty_state import empty_state
from components.layout.error_boundary import error_boundary
from otklik.actions.bulk import (
    ACTIONS,
    Action,
    ActionFailed,
    ActionResult,
    AppealVersion,
    execute,
    new_operation_key,
    preview,
    undo,
    undoable_operations,
)
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

ACTION_LABELS: dict[str, str] = {
    "reassign": N_("Reassign"),
    "extend": N_("Extend"),
    "return": N_("Return"),
    "topic": N_("Change the topic"),
    "note": N_("Add a note"),
    "duplicate": N_("Mark as duplicate"),
}
MAX_REASON_LENGTH = 500  # letters of a reason


@st.fragment
def action_form(
    viewer: "Viewer", appeals: Sequence[AppealVersion], key: str = "actions", on_done: Callable[[], None] | None = None
) -> None:
    """The forms for what the viewer may do to these appeals; a sentence for who may do nothing.

    Call it in a page or a panel of it, outside of what refreshes by itself, with the appeals as the screen shows them:
    `Case(region_id, id, updated_at)`, up to 1,000. `key` tells two places on one page apart; `done` is called after
    something was done or undone (to let go of a selection). It draws the choice of the action, its fields, a look at
    what would come of it appeal by appeal, the reason and the button; then the result by row, and for ten minutes the
    way to undo it. It is a fragment: what is typed into it survives everything but another page.
    """
    viewer.enter_scope()
    allowed_actions = [action for action in ACTIONS if viewer.may(action)]
    if not allowed_actions:
        empty_state(_("Your role may look at appeals, and do nothing to them."))
        return
    state: ActionFormState = st.session_state.setdefault(f"{key}-desk", ActionFormState())
    with error_boundary():
        if state.last_result:
            _result_view(state, *state.last_result, key)
        elif appeals:
            _action_inputs(viewer, appeals, allowed_actions, state, key, on_done)
        else:
            empty_state(_("Choose appeals in the list to act on them."))
        _undo_buttons(viewer, state, key, on_done)


def _action_inputs(
    viewer: "Viewer",
    appeals: Sequence[AppealVersion],
    allowed_actions: Sequence[Action],
    state: ActionFormState,
    key: str,
    on_done: Callable[[], None] | None,
) -> None:
    action: Action = st.segmented_control(
        _("Action"),
        allowed_actions,
        format_func=lambda name: _(ACTION_LABELS[name]),
        default=allowed_actions[0],
        required=True,
        key=f"{key}-action",
        label_visibility="collapsed",
    )
    field_values = fields.action_fields(action, appeals, viewer.language, f"{key}-{action}")
    reason = st.text_area(
        _("Note") if action == "note" else _("Reason"),
        key=f"{key}-reason",
        max_chars=MAX_REASON_LENGTH,
        height=80,
        placeholder=_("It stands in the history of each appeal and in the audit."),
    )
    preview_rows = _preview_results(action, appeals, viewer.language, field_values)
    ready_count = results.preview_summary(preview_rows) if preview_rows else 0
    submitted = st.button(
        f"{_(ACTION_LABELS[action])} · {ready_count}",
        key=f"{key}-do",
        type="primary",
        icon=":material/check:",
        disabled=not ready_count,
        width="stretch",
    )
    if preview_rows:
        results.preview_table(preview_rows, key)
    if not submitted:
        return
    # The same form pressed twice has the same key: the second press finds what the first did.
    if submit_action(
        state,
        action,
        lambda: execute(state.key, action, appeals, reason, viewer.language, **(field_values or {})),
        on_done,
    ):
        st.session_state.pop(f"{key}-reason", None)
        st.rerun()


def _preview_results(
    action: Action, appeals: Sequence[AppealVersion], language: str, field_values: dict[str, Any] | None
) -> list[ActionResult] | None:
    """What would come of it; None, and a sentence, while something is missing."""
    try:
        return None if field_values is None else preview(action, appeals, language, **field_values)
    except ActionFailed as error:
        st.warning(refusal_messages.for_action(error.code), icon=":material/info:")
    return None


def _result_view(state: ActionFormState, action: str, rows: list[ActionResult], key: str) -> None:
    """The result by row, until it was read."""
    results.result_table(action, rows, key)
    if st.button(_("Go on"), key=f"{key}-read", icon=":material/arrow_forward:", width="stretch"):
        state.last_result = None
        st.rerun()


def _undo_buttons(viewer: "Viewer", state: ActionFormState, key: str, on_done: Callable[[], None] | None) -> None:
    """What was done in the last ten minutes, with the time that is left to undo it."""
    if not (operations := undoable_operations()):
        return

    @st.fragment(run_every="1s")
    def countdown() -> None:
        for operation in operations:
            if not results.undo_button(operation, f"{key}-undo-{operation.key}"):
                continue
            viewer.enter_scope()
            undo_key = state.undo_keys.setdefault(operation.key, new_operation_key())
            if submit_action(state, "undo", lambda: undo(undo_key, operation.key, language=viewer.language), on_done):  # noqa: B023 -- at once
                st.rerun()

    countdown()
