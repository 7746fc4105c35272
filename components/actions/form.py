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
    viewer: "Viewer", cases: Sequence[Case], key: str = "actions", done: Callable[[], None] | None = None
) -> None:
    """The forms for what the viewer may do to these appeals; a sentence for who may do nothing.

    Call it in a page or a panel of it, outside of what refreshes by itself, with the appeals as the screen shows them:
    `Case(region_id, id, updated_at)`, up to 1,000. `key` tells two places on one page apart; `done` is called after
    something was done or undone (to let go of a selection). It draws the choice of the action, its fields, a look at
    what would come of it appeal by appeal, the reason and the button; then the result by row, and for ten minutes the
    way to undo it. It is a fragment: what is typed into it survives everything but another page.
    """
    guard.enter(viewer)
    may = [one for one in ACTIONS if viewer.may(one)]
    if not may:
        empty(_("Your role may look at appeals, and do nothing to them."))
        return
    desk: Desk = st.session_state.setdefault(f"{key}-desk", Desk())
    with guarded():
        if desk.done:
            _told(desk, *desk.done, key)
        elif cases:
            _form(viewer, cases, may, desk, key, done)
        else:
            empty(_("Choose appeals in the list to act on them."))
        _undoing(viewer, desk, key, done)


def _form(
    viewer: "Viewer",
    cases: Sequence[Case],
    may: Sequence[Action],
    desk: Desk,
    key: str,
    done: Callable[[], None] | None,
) -> None:
    action: Action = st.segmented_control(
        _("Action"),
        may,
        format_func=lambda one: _(VERBS[one]),
        default=may[0],
        required=True,
        key=f"{key}-action",
        label_visibility="collapsed",
    )
    given = fields.of(action, cases, viewer.language, f"{key}-{action}")
    reason = st.text_area(
        _("Note") if action == "note" else _("Reason"),
        key=f"{key}-reason",
        max_chars=MOST,
        height=80,
        placeholder=_("It stands in the history of each appeal and in the audit."),
    )
    promised = _promised(action, cases, viewer.language, given)
    ready = results.counted(promised) if promised else 0
    pressed = st.button(
        f"{_(VERBS[action])} · {ready}",
        key=f"{key}-do",
        type="primary",
        icon=":material/check:",
        disabled=not ready,
        width="stretch",
    )
    if promised:
        results.preview(promised, key)
    if not pressed:
        return
    # The same form pressed twice has the same key: the second press finds what the first did.
    if tried(desk, action, lambda: do(desk.key, action, cases, reason, viewer.language, **(given or {})), done):
        st.session_state.pop(f"{key}-reason", None)
        st.rerun()


def _promised(action: Action, cases: Sequence[Case], language: str, given: dict[str, Any] | None) -> list[Row] | None:
    """What would come of it; None, and a sentence, while something is missing."""
    try:
        return None if given is None else look(action, cases, language, **given)
    except NotDone as error:
        st.warning(refusal_messages.of_all(error.code), icon=":material/info:")
    return None


def _told(desk: Desk, what: str, rows: list[Row], key: str) -> None:
    """The result by row, until it was read."""
    results.result(what, rows, key)
    if st.button(_("Go on"), key=f"{key}-read", icon=":material/arrow_forward:", width="stretch"):
        desk.done = None
        st.rerun()


def _undoing(viewer: "Viewer", desk: Desk, key: str, done: Callable[[], None] | None) -> None:
    """What was done in the last ten minutes, with the time that is left to undo it."""
    if not (recent := undoable()):
        return

    @st.fragment(run_every="1s")
    def countdown() -> None:
        for one in recent:
            if not results.undo_button(one, f"{key}-undo-{one.key}"):
                continue
            guard.enter(viewer)
            own = desk.undoing.setdefault(one.key, new_key())
            if tried(desk, "undo", lambda: undo(own, one.key, language=viewer.language), done):  # noqa: B023 -- at once
                st.rerun()

    countdown()
