"""Labels of the audit's actions and changed fields, which the database records by code."""

from collections.abc import Mapping

from components.auth.user_menu import ROLE_LABELS
from components.text.discussion_text import COMMENT_STATE_LABELS
from components.text.problem_text import STATUS_LABELS
from otklik.actions.catalogue import AUDIT_LABELS
from otklik.i18n import N_, _

ACTION_LABELS = {
    "first sign-in": N_("First sign-in"),
    "person added": N_("Person added"),
    "person changed": N_("Person changed"),
    "person disabled": N_("Person disabled"),
    "person enabled": N_("Person enabled again"),
    "device enrolled": N_("Screen enrolled"),
    "receipt issued": N_("Receipt issued"),
    "topic published": N_("Topic made public"),
    "topic withheld": N_("Topic no longer public"),
    "regime published": N_("Regime made public"),
    "regime withheld": N_("Regime no longer public"),
    "device revoked": N_("Screen revoked"),
    "playlist assigned": N_("Playlist assigned"),
    "screen reloaded": N_("Screen loaded again"),
    "playlist saved": N_("Playlist saved"),
    "playlist removed": N_("Playlist removed"),
    "threshold set": N_("Threshold set"),
    "data source added": N_("Data source added"),
    "data source paused": N_("Data source paused"),
    "data source resumed": N_("Data source resumed"),
    "data source run": N_("Data source run at once"),
    "data source removed": N_("Data source removed"),
    "import undone": N_("Import taken back"),
    "personal data shown": N_("Personal data shown"),
    "audit exported": N_("Audit exported"),
    "dossier exported": N_("Dossier exported"),
    "report exported": N_("Situation report exported"),
    "backup made": N_("Backup made"),
    "backup restored": N_("Backup restored"),
    "problem opened": N_("Problem opened"),
    "problem moved": N_("Problem taken a step"),
    "problem changed": N_("Problem changed"),
    "problem commented": N_("Problem commented"),
    "remedy added": N_("Remedy added"),
    "remedy rescheduled": N_("Remedy rescheduled"),
    "remedy done": N_("Remedy done"),
    "remedy not done after all": N_("Remedy not done after all"),
    "comment published": N_("Comment published"),
    "comment rejected": N_("Comment rejected"),
    "comment answered": N_("Comment answered"),
    "discussion decided": N_("Discussion decided"),
    "discussion outcome recorded": N_("Outcome of a discussion recorded"),
    "transfer allowed": N_("One more transfer allowed"),
} | AUDIT_LABELS
FIELD_LABELS = {
    "name": N_("name"),
    "email": N_("e-mail"),
    "role": N_("role"),
    "everywhere": N_("sees everything"),
    "territories": N_("territories"),
    "is_active": N_("active"),
    "issuer": N_("provider"),
    "subject": N_("name at the provider"),
    "screen": N_("signs in as"),
    "playlist": N_("playlist"),
    "as_of": N_("as of"),
    "scenes": N_("scenes"),
    "is_jumping": N_("jumps to what crosses “act”"),
    "watch": N_("“watch” above"),
    "act": N_("“act” above"),
    "format": N_("format"),
    "entries": N_("entries"),
    "start": N_("from"),
    "end": N_("until"),
    "person": N_("person"),
    "action": N_("action"),
    "object": N_("object"),
    "text": N_("text"),
    "holder": N_("organisation"),
    "holders": N_("organisations"),
    "days": N_("days"),
    "topic": N_("topic"),
    "organisation": N_("organisation"),
    "regime": N_("regime"),
    "channel": N_("channel"),
    "appeals": N_("appeals"),
    "done": N_("done"),
    "title": N_("title"),
    "description": N_("description"),
    "owner": N_("owner"),
    "status": N_("status"),
    "territory": N_("territory"),
    "since": N_("first day"),
    "remedy": N_("remedy"),
    "responsible": N_("responsible"),
    "due": N_("due"),
    "refused": N_("refused"),
    "kind": N_("kind"),
    "mapping": N_("mapping"),
    "comment": N_("comment"),
    "state": N_("state"),
    "answer": N_("answer"),
    "decision": N_("decision"),
    "outcome": N_("outcome"),
    "topics": N_("topics"),
    "points": N_("with points"),
    "texts": N_("with texts"),
}
VALUE_LABELS: dict[str, dict[str, str]] = {"role": ROLE_LABELS, "status": STATUS_LABELS, "state": COMMENT_STATE_LABELS}
"""By field: the labels of its values, which the database records by code."""
MAX_LIST_ITEMS = 20
"""The number of items of a list that are named; the others are counted."""


def action_label(code: str) -> str:
    """The label of an action; the code itself for one without a label."""
    return _(ACTION_LABELS[code]) if code in ACTION_LABELS else code


def format_changes(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> str:
    """The changed fields: `role: Manager → Official; active: yes → no`; all fields where one side is unknown."""
    old_values, new_values = before or {}, after or {}
    fields = []
    for field in dict.fromkeys([*new_values, *old_values]):
        label = _(FIELD_LABELS[field]) if field in FIELD_LABELS else field
        if before is None or after is None:
            value = new_values.get(field, old_values.get(field))
            if value not in (None, [], ""):
                fields.append(f"{label}: {format_value(field, value)}")
        elif old_values.get(field) != new_values.get(field):
            fields.append(
                f"{label}: {format_value(field, old_values.get(field))} → {format_value(field, new_values.get(field))}"
            )
    return "; ".join(fields)


def format_value(key: str, value: object) -> str:
    """A value before or after a change, as people read it."""
    if value is None or value in ([], ""):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "scenes" and isinstance(value, list):
        value = [f"{scene['page']}?{scene['query']} ({scene['seconds']})" for scene in value]
    if isinstance(value, list):
        more_count = len(value) - MAX_LIST_ITEMS
        listed = ", ".join(map(str, value[:MAX_LIST_ITEMS]))
        return _("{names} and {n} more").format(names=listed, n=more_count) if more_count > 0 else listed
    if label := VALUE_LABELS.get(key, {}).get(str(value)):
        return _(label)
    if key == "action":
        return action_label(str(value))
    return str(value)
