"""What each role may see and do: the one table, for the screens, the database's functions and docs/access.md."""

from sqlalchemy import Connection, text

PAGE_DESCRIPTIONS = {
    "overview": "figures, trends and newest appeals",
    "resolution": "how much is resolved, and in time",
    "regions": "territories beside each other",
    "satisfaction": "how answers are rated",
    "quality": "how far the figures can be trusted",
    "queue": "open appeals by their deadline",
    "overdue": "late appeals, and who could take them",
    "appeal": "one appeal and its history, without personal data",
    "problems": "systemic problems",
    "people": "people, roles, territories and screens",
    "audit": "who did what, when and why",
    "import": "appeals from files",
    "catalogue": "topics and organisations",
}
ACTION_DESCRIPTIONS = {
    "reassign": "give an appeal to another organisation",
    "extend": "extend a deadline",
    "return": "send an appeal back to the coordinator",
    "topic": "change the topic of an appeal",
    "note": "add a note to an appeal",
    "duplicate": "mark an appeal as a duplicate of another",
    "allow_transfer": "allow an appeal to be handed on once more than the cap",
    "decide": "take decisions on systemic problems",
    "personal_data": "see one applicant's personal data, for a reason; each look is recorded",
}
_METRIC_PAGES = frozenset({"overview", "resolution", "regions", "satisfaction"})
_READ_RIGHTS = _METRIC_PAGES | {"quality", "queue", "overdue", "appeal", "problems"}
RIGHTS_BY_ROLE: dict[str, frozenset[str]] = {
    "staff": _READ_RIGHTS | {"note"},
    "manager": _READ_RIGHTS | {"note"},
    "official": _READ_RIGHTS | frozenset(ACTION_DESCRIPTIONS) - {"allow_transfer"},
    "administrator": _READ_RIGHTS | {"allow_transfer", "people", "audit", "import", "catalogue"},
    "screen": _METRIC_PAGES,
}
ROLES = tuple(RIGHTS_BY_ROLE)


def sync_role_rights(connection: Connection) -> None:
    """Make the database's copy of the table, by which its functions decide, equal to this one."""
    expected = {(role, right) for role, rights in RIGHTS_BY_ROLE.items() for right in rights}
    stored = {(role, right) for role, right in connection.execute(text("SELECT role, may FROM role_right"))}
    for statement, rows in {
        "DELETE FROM role_right WHERE role = :role AND may = :may": stored - expected,
        "INSERT INTO role_right VALUES (:role, :may)": expected - stored,
    }.items():
        for role, right in sorted(rows):
            connection.execute(text(statement), {"role": role, "may": right})
