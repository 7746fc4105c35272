"""The form for acting on appeals: choose an action, fill in its inputs, preview it, execute it, undo it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import streamlit as st

from components.actions import results
from components.actions.error_messages import failure_message
from components.actions.fields import FieldOptions, action_fields
from components.actions.form_state import ActionFormState, submit_action
from components.actions.reason import clear_reason, missing_reason_note, reason_input
from components.actions.undo import UndoActions, undo_buttons
from components.layout.empty_state import empty_state
from components.layout.error_boundary import error_boundary
from otklik.actions.catalogue import BULK_ACTIONS, BulkAction
from otklik.actions.model import ActionFailed, ActionResult, AppealVersion
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer


class BulkActions(FieldOptions, UndoActions, Protocol):
    """`otklik.actions.bulk`: what the form reads and writes."""

    def preview(
        self,
        action_id: str,
        appeals: Sequence[AppealVersion],
        language: str,
        **fields: object,
    ) -> list[ActionResult]:
        """What executing the action would do now."""

    def execute(
        self,
        key: UUID,
        action_id: str,
        appeals: Sequence[AppealVersion],
        reason: str,
        language: str,
        **fields: object,
    ) -> list[ActionResult]:
        """Execute the action once for each key."""

    def reason_templates(self, action_id: str, language: str) -> Sequence[str]:
        """Ready-made reasons for the action."""


@st.fragment
def action_form(
    viewer: "Viewer",
    actions: BulkActions,
    appeals: Sequence[AppealVersion],
    key: str = "actions",
    on_done: Callable[[], None] | None = None,
) -> None:
    """A form for the actions that the viewer may take on these appeals, up to 1,000; a sentence where there are none.

    It shows the choice of the action, its inputs, a preview appeal by appeal, the reason and the button; after that
    the result by row and, for ten minutes, a button that undoes it. `appeals` are the versions that the screen shows.
    `key` distinguishes two forms on one page. `on_done` is called after an action or an undo, to clear a selection.

    Call it outside of fragments that refresh by themselves: it is one of its own, so that what is typed stays.
    """
    viewer.enter_scope()
    if not _allowed_actions(viewer):
        empty_state(_("Your role may look at appeals, and do nothing to them."))
        return
    state: ActionFormState = st.session_state.setdefault(f"{key}-form", ActionFormState())
    with error_boundary():
        if state.last_result:
            _result_view(state, *state.last_result, key)
        elif appeals:
            _action_inputs(viewer, actions, appeals, state, key, on_done)
        else:
            empty_state(_("Choose appeals in the list to act on them."))
        undo_buttons(viewer, actions, state, key, on_done)


def _allowed_actions(viewer: "Viewer") -> list[BulkAction]:
    return [action for action in BULK_ACTIONS if viewer.may(action.id)]


def _action_inputs(
    viewer: "Viewer",
    actions: BulkActions,
    appeals: Sequence[AppealVersion],
    state: ActionFormState,
    key: str,
    on_done: Callable[[], None] | None,
) -> None:
    action_by_id = {action.id: action for action in _allowed_actions(viewer)}
    action_id: str = st.segmented_control(
        _("Action"),
        list(action_by_id),
        format_func=lambda option: _(action_by_id[option].label),
        default=next(iter(action_by_id)),
        required=True,
        key=f"{key}-action",
        label_visibility="collapsed",
    )
    action = action_by_id[action_id]
    field_values = action_fields(action, actions, appeals, viewer.language, f"{key}-{action_id}")
    reason_key = f"{key}-reason"
    reason = reason_input(_(action.reason_label), actions.reason_templates(action_id, viewer.language), reason_key)
    preview_rows = _preview_results(actions, action_id, appeals, viewer.language, field_values)
    ready_count = sum(row.refusal_code is None for row in preview_rows or ())
    # Right below the reason: a press that also commits what was typed must not have the button moved under the pointer.
    submitted = st.button(
        f"{_(action.label)} · {ready_count}",
        key=f"{key}-do",
        type="primary",
        icon=":material/check:",
        disabled=not ready_count,
        width="stretch",
    )
    missing_reason_note(reason)
    if preview_rows:
        results.preview_summary(preview_rows)
        results.preview_table(preview_rows)
    if not submitted:
        return
    # A second press of the button sends the same key: it gets the first one's result.
    if submit_action(
        state,
        action_id,
        lambda: actions.execute(state.key, action_id, appeals, reason, viewer.language, **(field_values or {})),
        on_done,
    ):
        clear_reason(reason_key)
        st.rerun()


def _preview_results(
    actions: BulkActions,
    action_id: str,
    appeals: Sequence[AppealVersion],
    language: str,
    field_values: dict[str, Any] | None,
) -> list[ActionResult] | None:
    """One result an appeal; None while an input is missing or the whole action is refused, which is then shown."""
    try:
        return None if field_values is None else actions.preview(action_id, appeals, language, **field_values)
    except ActionFailed as error:
        st.warning(failure_message(error.code), icon=":material/info:")
    return None


def _result_view(state: ActionFormState, action_id: str, rows: list[ActionResult], key: str) -> None:
    """The result by row, until the viewer goes on."""
    results.result_table(action_id, rows)
    if st.button(_("Go on"), key=f"{key}-read", icon=":material/arrow_forward:", width="stretch"):
        state.last_result = None
        st.rerun()
