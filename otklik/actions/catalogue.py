"""The bulk actions, each declared once: the form, the rights, the history and the audit take their words from here.

A new action is an entry of `BULK_ACTIONS` and a migration that adds its id to the check of `operation.kind`, a function
`judge_<id>`, and what it writes to `check_fields`, `carry_out` and `handle_appeals`. Labels are gettext message ids,
translated where they are shown.
"""

from dataclasses import dataclass
from typing import Literal

from otklik.i18n import N_

ActionField = Literal["holder", "days", "notice", "topic", "original"]
"""An input of an action's form; components/actions/fields.py has one function for each."""


@dataclass(frozen=True)
class BulkAction:
    """Something that a person may do to up to 1,000 appeals at once, for a reason."""

    id: str
    """Its name in the database, which is also the name of the right that it needs."""
    label: str
    """What the button says, in the imperative."""
    done_label: str
    """What the result says, in the past participle."""
    right_description: str
    """What the right allows, as docs/access.md says it."""
    roles: frozenset[str]
    """The roles that have the right."""
    event_kind: str
    """The kind of the entry in each appeal's history."""
    audit_action: str
    """How the audit records it."""
    audit_label: str
    """How screens show the audit's entry."""
    fields: tuple[ActionField, ...] = ()
    """The inputs besides the reason, in the order of the form."""
    reason_label: str = N_("Reason")
    """What the input of the reason is called: every action needs one, and a note's text is its reason."""
    is_undoable: bool = True
    """Whether the person can undo it within `otklik.actions.model.UNDO_WINDOW`."""


_OFFICIAL = frozenset({"official"})

BULK_ACTIONS = (
    BulkAction(
        id="reassign",
        label=N_("Reassign"),
        done_label=N_("Reassigned"),
        right_description="give an appeal to another organisation",
        roles=_OFFICIAL,
        event_kind="redirected",
        audit_action="appeals reassigned",
        audit_label=N_("Appeals reassigned"),
        fields=("holder",),
    ),
    BulkAction(
        id="extend",
        label=N_("Extend"),
        done_label=N_("Extended"),
        right_description="extend a deadline",
        roles=_OFFICIAL,
        event_kind="extended",
        audit_action="deadlines extended",
        audit_label=N_("Deadlines extended"),
        fields=("days", "notice"),
    ),
    BulkAction(
        id="return",
        label=N_("Return"),
        done_label=N_("Returned"),
        right_description="send an appeal back to the coordinator",
        roles=_OFFICIAL,
        event_kind="moved",
        audit_action="appeals returned",
        audit_label=N_("Appeals returned"),
    ),
    BulkAction(
        id="topic",
        label=N_("Change the topic"),
        done_label=N_("Topic changed"),
        right_description="change the topic of an appeal",
        roles=_OFFICIAL,
        event_kind="moved",
        audit_action="topic changed",
        audit_label=N_("Topic changed"),
        fields=("topic",),
    ),
    BulkAction(
        id="note",
        label=N_("Add a note"),
        done_label=N_("Note added"),
        right_description="add a note to an appeal",
        roles=frozenset({"staff", "manager", "official"}),
        event_kind="note",
        audit_action="note added",
        audit_label=N_("Note added"),
        reason_label=N_("Note"),
        is_undoable=False,
    ),
    BulkAction(
        id="duplicate",
        label=N_("Mark as duplicate"),
        done_label=N_("Marked as duplicate"),
        right_description="mark an appeal as a duplicate of another",
        roles=_OFFICIAL,
        event_kind="answered",
        audit_action="duplicates marked",
        audit_label=N_("Duplicates marked"),
        fields=("original",),
    ),
)
"""In the order in which the form offers them."""

UNDO_ID = "undo"
"""The kind of an operation that sets back what another one changed; no form offers it as an action."""

DONE_LABELS = {action.id: action.done_label for action in BULK_ACTIONS} | {UNDO_ID: N_("Undone")}
"""By the kind of an operation: what its result says."""
AUDIT_LABELS = {action.audit_action: action.audit_label for action in BULK_ACTIONS} | {"undone": N_("Undone")}
"""By the audit's name of an action: how screens show it."""
