"""What may be done to appeals, one or many: choose it, look at what would come of it, do it, take it back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.actions import fields, refusal_messages, results
from components.actions.form_state import Desk, tried
from components.auth import guard
from components.layout.panel import empty, guarded
from otklik.actions.bulk import ACTIONS, Action, Case, NotDone, Row, do, look, new_key, undo, undoable
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from components.auth.guard import Viewer

VERBS: dict[str, str] = {
    "reassign": N_("Reassign"),
    "extend": N_("Extend"),
    "return": N_("Return"),
    "topic": N_("Change the topic"),
    "note": N_("Add a note"),
    "duplicate": N_("Mark as duplicate"),
}
MOST = 500  # letters of a reason


@st.fragment
def actions(
    viewer: "Viewer", appeals: Sequence[Case], key: str = "actions", on_done: Callable[[], None] | None = None
) -> None:
    """The forms for what the viewer may do to these appeals; a sentence for who may do nothing.

    Call it in a page or a panel of it, outside of what refreshes by itself, with the appeals as the screen shows them:
    `Case(region_id, id, updated_at)`, up to 1,000. `key` tells two places on one page apart; `done` is called after
    something was done or undone (to let go of a selection). It draws the choice of the action, its fields, a look at
    what would come of it appeal by appeal, the reason and the button; then the result by row, and for ten minutes the
    way to undo it. It is a fragment: what is typed into it survives everything but another page.
    """
    guard.enter(viewer)
    allowed_actions = [action for action in ACTIONS if viewer.may(action)]
    if not allowed_actions:
        empty(_("Your role may look at appeals, and do nothing to them."))
        return
    state: Desk = st.session_state.setdefault(f"{key}-desk", Desk())
    with guarded():
        if state.done:
            _told(state, *state.done, key)
        elif appeals:
            _form(viewer, appeals, allowed_actions, state, key, on_done)
        else:
            empty(_("Choose appeals in the list to act on them."))
        _undoing(viewer, state, key, on_done)


def _form(
    viewer: "Viewer",
    appeals: Sequence[Case],
    allowed_actions: Sequence[Action],
    state: Desk,
    key: str,
    on_done: Callable[[], None] | None,
) -> None:
    action: Action = st.segmented_control(
        _("Action"),
        allowed_actions,
        format_func=lambda name: _(VERBS[name]),
        default=allowed_actions[0],
        required=True,
        key=f"{key}-action",
        label_visibility="collapsed",
    )
    field_values = fields.of(action, appeals, viewer.language, f"{key}-{action}")
    reason = st.text_area(
        _("Note") if action == "note" else _("Reason"),
        key=f"{key}-reason",
        max_chars=MOST,
        height=80,
        placeholder=_("It stands in the history of each appeal and in the audit."),
    )
    preview_rows = _promised(action, appeals, viewer.language, field_values)
    ready_count = results.counted(preview_rows) if preview_rows else 0
    submitted = st.button(
        f"{_(VERBS[action])} · {ready_count}",
        key=f"{key}-do",
        type="primary",
        icon=":material/check:",
        disabled=not ready_count,
        width="stretch",
    )
    if preview_rows:
        results.preview(preview_rows, key)
    if not submitted:
        return
    # The same form pressed twice has the same key: the second press finds what the first did.
    if tried(
        state, action, lambda: do(state.key, action, appeals, reason, viewer.language, **(field_values or {})), on_done
    ):
        st.session_state.pop(f"{key}-reason", None)
        st.rerun()


def _promised(
    action: Action, appeals: Sequence[Case], language: str, field_values: dict[str, Any] | None
) -> list[Row] | None:
    """What would come of it; None, and a sentence, while something is missing."""
    try:
        return None if field_values is None else look(action, appeals, language, **field_values)
    except NotDone as error:
        st.warning(refusal_messages.of_all(error.code), icon=":material/info:")
    return None


def _told(state: Desk, action: str, rows: list[Row], key: str) -> None:
    """The result by row, until it was read."""
    results.result(action, rows, key)
    if st.button(_("Go on"), key=f"{key}-read", icon=":material/arrow_forward:", width="stretch"):
        state.done = None
        st.rerun()


def _undoing(viewer: "Viewer", state: Desk, key: str, on_done: Callable[[], None] | None) -> None:
    """What was done in the last ten minutes, with the time that is left to undo it."""
    if not (operations := undoable()):
        return

    @st.fragment(run_every="1s")
    def countdown() -> None:
        for operation in operations:
            if not results.undo_button(operation, f"{key}-undo-{operation.key}"):
                continue
            guard.enter(viewer)
            undo_key = state.undoing.setdefault(operation.key, new_key())
            if tried(state, "undo", lambda: undo(undo_key, operation.key, language=viewer.language), on_done):  # noqa: B023 -- at once
                st.rerun()

    countdown()
