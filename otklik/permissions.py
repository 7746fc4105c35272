"""The rights of each role: the one table for the screens, the database's functions and docs/access.md.

A right is a page that a role may open or an action that it may take, within the person's territories.
"""

from otklik.actions.catalogue import BULK_ACTIONS

PAGE_DESCRIPTIONS = {
    "overview": "figures, trends and newest appeals",
    "resolution": "how much is resolved, and in time",
    "regions": "territories beside each other",
    "satisfaction": "how answers are rated",
    "quality": "how far the figures can be trusted",
    "queue": "open appeals by their deadline",
    "overdue": "late appeals, and who could take them",
    "appeal": "one appeal and its history, without personal data",
    "people": "people, roles, territories and screens",
    "audit": "who did what, when and why",
}
ACTION_DESCRIPTIONS = {action.id: action.right_description for action in BULK_ACTIONS} | {
    "allow_transfer": "allow an appeal to be handed on once more than the cap",
    "personal_data": "see one applicant's personal data, for a reason; each look is recorded",
}
_METRIC_PAGES = frozenset({"overview", "resolution", "regions", "satisfaction"})
_APPEAL_PAGES = _METRIC_PAGES | {"quality", "queue", "overdue", "appeal"}
_OTHER_RIGHTS = {
    "staff": _APPEAL_PAGES,
    "manager": _APPEAL_PAGES,
    "official": _APPEAL_PAGES | {"personal_data"},
    "administrator": _APPEAL_PAGES | {"allow_transfer", "people", "audit"},
    "screen": _METRIC_PAGES,
}
RIGHTS_BY_ROLE: dict[str, frozenset[str]] = {
    role: rights | {action.id for action in BULK_ACTIONS if role in action.roles}
    for role, rights in _OTHER_RIGHTS.items()
}
"""Role -> the pages and actions it has. A `screen` is a device on a wall: it shows figures and no appeals."""
ROLES = tuple(RIGHTS_BY_ROLE)
