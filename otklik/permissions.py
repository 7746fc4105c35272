"""The rights of each role: the one table for the screens, the database's functions and docs/access.md.

A right is a page that a role may open or an action that it may take, within the person's territories.
"""

from otklik.actions.catalogue import BULK_ACTIONS
from otklik.pages import PAGES

PAGE_DESCRIPTIONS = {page.id: page.right_description for page in PAGES.values()}
ACTION_DESCRIPTIONS = {action.id: action.right_description for action in BULK_ACTIONS} | {
    "allow_transfer": "allow an appeal to be handed on once more than the cap",
    "personal_data": "see one applicant's personal data, for a reason; each look is recorded",
    "open_problem": "open a problem, and comment on problems",
    "decide": "decide on problems: each step, the owner and the remedies",
    "moderate": "publish, reject and answer comments of discussions, and say what was decided in them",
}
_OTHER_RIGHTS = {
    "staff": frozenset[str](),
    "manager": frozenset({"open_problem", "decide", "moderate"}),
    "official": frozenset({"personal_data", "open_problem", "decide", "moderate"}),
    "administrator": frozenset({"allow_transfer", "open_problem"}),
    "screen": frozenset[str](),
}
RIGHTS_BY_ROLE: dict[str, frozenset[str]] = {
    role: rights
    | {page.id for page in PAGES.values() if role in page.roles}
    | {action.id for action in BULK_ACTIONS if role in action.roles}
    for role, rights in _OTHER_RIGHTS.items()
}
"""Role -> the pages that it may open and the actions that it may take. A `screen` is a device on a wall."""
ROLES = tuple(RIGHTS_BY_ROLE)
